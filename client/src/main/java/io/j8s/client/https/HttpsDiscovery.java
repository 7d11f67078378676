package io.j8s.client.https;

import io.j8s.client.ApiException;
import io.j8s.client.DiscoveredResource;
import io.j8s.client.Discovery;
import io.j8s.http.Headers;
import io.j8s.http.HttpResponse;
import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a server serves, by aggregated discovery (KEP-3352), or group by group from servers that do not offer it.
final class HttpsDiscovery implements Discovery {

    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

    private final ApiConnection connection;
    private volatile List<String> unavailable = List.of();

    HttpsDiscovery(ApiConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<String> unavailableGroups() {
        return unavailable;
    }

    @Override
    public List<DiscoveredResource> resources() {
        Map<String, DiscoveredResource> found = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (String root : List.of("/api", "/apis")) {
            Map<?, ?> answer = get(root, AGGREGATED);
            switch (text(answer, "kind")) {
                case "APIGroupDiscoveryList" -> aggregated(answer, found, missing);
                case "APIVersions" -> versions("", list(answer, "versions").stream().map(String::valueOf).toList(), found, missing);
                default -> {
                    for (Object group : list(answer, "groups")) {
                        versions(text(group, "name"), preferredFirst(group), found, missing);
                    }
                }
            }
        }
        unavailable = List.copyOf(missing);
        return List.copyOf(found.values());
    }

    private static void aggregated(Map<?, ?> answer, Map<String, DiscoveredResource> found, List<String> missing) {
        for (Object group : list(answer, "items")) {
            String groupName = text(map(group, "metadata"), "name");
            for (Object version : list(group, "versions")) {
                String versionName = text(version, "version");
                if (text(version, "freshness").equals("Stale")) {
                    missing.add(groupName.isEmpty() ? versionName : groupName + "/" + versionName);
                }
                for (Object resource : list(version, "resources")) {
                    Map<?, ?> kind = map(resource, "responseKind");
                    add(found, groupName, versionName, text(resource, "resource"), text(kind, "kind"), text(resource, "scope").equals("Namespaced"), list(resource, "verbs"));
                }
            }
        }
    }

    private static List<String> preferredFirst(Object group) {
        Set<String> versions = new java.util.LinkedHashSet<>(List.of(text(map(group, "preferredVersion"), "version")));
        list(group, "versions").forEach(version -> versions.add(text(version, "version")));
        versions.remove("");
        return List.copyOf(versions);
    }

    private void versions(String group, List<String> versions, Map<String, DiscoveredResource> found, List<String> missing) {
        for (String version : versions) {
            String path = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
            try {
                for (Object resource : list(get(path, "application/json"), "resources")) {
                    if (!text(resource, "name").contains("/")) {
                        add(found, group, version, text(resource, "name"), text(resource, "kind"), Boolean.TRUE.equals(value(resource, "namespaced")), list(resource, "verbs"));
                    }
                }
            } catch (ApiException e) {
                missing.add(group.isEmpty() ? version : group + "/" + version);
            }
        }
    }

    /// The first version that has a resource is the preferred one.
    private static void add(Map<String, DiscoveredResource> found, String group, String version, String plural, String kind, boolean namespaced, List<?> verbs) {
        String key = plural + "." + group;
        if (found.containsKey(key)) {
            return;
        }
        Set<String> names = new HashSet<>();
        verbs.forEach(verb -> names.add(String.valueOf(verb)));
        found.put(key, DiscoveredResource.named(group, version, plural, kind, namespaced, names));
    }

    private Map<?, ?> get(String path, String accept) {
        try (HttpResponse response = connection.send("GET", connection.uri(path), Headers.of("accept", accept), null)) {
            return Json.readPlain(response.readAll(Integer.MAX_VALUE - 8)) instanceof Map<?, ?> object ? object : Map.of();
        } catch (IOException e) {
            throw Failures.unreachable("GET " + path, e);
        } catch (DecodeException e) {
            throw Failures.undecodable("GET " + path, e);
        }
    }

    private static @org.jspecify.annotations.Nullable Object value(Object object, String name) {
        return object instanceof Map<?, ?> fields ? fields.get(name) : null;
    }

    private static String text(Object object, String name) {
        return value(object, name) instanceof String text ? text : "";
    }

    private static Map<?, ?> map(Object object, String name) {
        return value(object, name) instanceof Map<?, ?> fields ? fields : Map.of();
    }

    private static List<?> list(Object object, String name) {
        return value(object, name) instanceof List<?> items ? items : List.of();
    }
}
