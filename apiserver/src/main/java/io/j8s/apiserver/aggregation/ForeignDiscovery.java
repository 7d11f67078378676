package io.j8s.apiserver.aggregation;

import io.j8s.apiserver.discovery.ForeignDocuments;
import io.j8s.apiserver.discovery.ForeignVersion;
import io.j8s.http.Headers;
import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.apiregistration.v1.APIServiceSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an extension server says that it serves: asked in the aggregated form, or, of servers that do not know it, in the older one.
final class ForeignDiscovery {

    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    private ForeignDiscovery() {}

    /// @throws IOException when it does not say
    static ForeignVersion ask(Extension extension) throws IOException, InterruptedException {
        APIServiceSpec spec = extension.spec();
        List<Map<String, Object>> resources = null;
        ForeignDocuments.Answer told = extension.ask("/apis", Headers.of("accept", AGGREGATED));
        if (told.status() == 200 && told.headers().getOr("content-type", "").contains("as=APIGroupDiscoveryList")) {
            resources = ofAggregated(plain(told.body()), spec);
        }
        if (resources == null) {
            ForeignDocuments.Answer older = extension.ask("/apis/" + spec.group() + "/" + spec.version(), Headers.of("accept", "application/json"));
            if (older.status() != 200) {
                throw new IOException("the list of its resources is answered with status " + older.status());
            }
            resources = ofResourceList(plain(older.body()), spec);
        }
        return new ForeignVersion(spec.group(), spec.version(), spec.groupPriorityMinimum(), spec.versionPriority(), true, true, resources);
    }

    private static Map<?, ?> plain(byte[] json) throws IOException {
        try {
            return Json.readPlain(json) instanceof Map<?, ?> map ? map : Map.of();
        } catch (DecodeException e) {
            throw new IOException("its discovery document cannot be read: " + e.getMessage(), e);
        }
    }

    private static @Nullable List<Map<String, Object>> ofAggregated(Map<?, ?> list, APIServiceSpec spec) {
        for (Map<?, ?> group : maps(list.get("items"))) {
            if (group.get("metadata") instanceof Map<?, ?> metadata && spec.group().equals(metadata.get("name"))) {
                for (Map<?, ?> version : maps(group.get("versions"))) {
                    if (spec.version().equals(version.get("version"))) {
                        return maps(version.get("resources")).stream().map(ForeignDiscovery::copy).toList();
                    }
                }
            }
        }
        return null;
    }

    /// APIResourceList in the aggregated form.
    private static List<Map<String, Object>> ofResourceList(Map<?, ?> list, APIServiceSpec spec) {
        Map<String, Map<String, Object>> resources = new LinkedHashMap<>();
        Map<String, List<Map<String, Object>>> subresources = new LinkedHashMap<>();
        for (Map<?, ?> resource : maps(list.get("resources"))) {
            String name = String.valueOf(resource.get("name"));
            int slash = name.indexOf('/');
            Map<String, Object> one = new LinkedHashMap<>();
            one.put(slash < 0 ? "resource" : "subresource", slash < 0 ? name : name.substring(slash + 1));
            one.put("responseKind", Map.of("group", text(resource, "group", spec.group()), "version", text(resource, "version", spec.version()), "kind", text(resource, "kind", "")));
            one.put("verbs", resource.get("verbs") instanceof List<?> verbs ? verbs : List.of());
            if (slash < 0) {
                one.put("scope", Boolean.TRUE.equals(resource.get("namespaced")) ? "Namespaced" : "Cluster");
                one.put("singularResource", text(resource, "singularName", ""));
                for (String field : List.of("shortNames", "categories")) {
                    if (resource.get(field) instanceof List<?> values && !values.isEmpty()) {
                        one.put(field, values);
                    }
                }
                resources.put(name, one);
            } else {
                subresources.computeIfAbsent(name.substring(0, slash), key -> new ArrayList<>()).add(one);
            }
        }
        subresources.forEach((name, those) -> {
            Map<String, Object> of = resources.get(name);
            if (of != null) {
                of.put("subresources", those);
            }
        });
        return List.copyOf(resources.values());
    }

    private static String text(Map<?, ?> map, String field, String otherwise) {
        return map.get(field) instanceof String text && !text.isEmpty() ? text : otherwise;
    }

    private static List<Map<?, ?>> maps(@Nullable Object value) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(each -> {
                if (each instanceof Map<?, ?> map) {
                    maps.add(map);
                }
            });
        }
        return maps;
    }

    private static Map<String, Object> copy(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }
}
