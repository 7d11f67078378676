package io.j8s.apiserver.openapi;

import io.j8s.model.Type;
import io.j8s.model.meta.v1.APIGroup;
import io.j8s.model.meta.v1.APIGroupList;
import io.j8s.model.meta.v1.APIResourceList;
import io.j8s.model.meta.v1.APIVersions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The paths that tell what is served: `/api/`, `/apis/`, groups and their versions, `/version/` and the documents of the issuer of tokens. One document, one thread.
final class DiscoveryOperations {

    private static final List<String> MEDIA = List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");
    private static final List<String> JSON = List.of("application/json");

    private final Dialect dialect;
    private final Schemas schemas;
    private final Map<String, Map<String, Object>> paths = new TreeMap<>();

    DiscoveryOperations(Dialect dialect, Schemas schemas) {
        this.dialect = dialect;
        this.schemas = schemas;
    }

    Map<String, Map<String, Object>> paths() {
        return paths;
    }

    /// The v3 documents that it makes: by place, without those of groups.
    static List<String> places() {
        return List.of("api", "apis", "version", ".well-known/openid-configuration", "openid/v1/jwks");
    }

    /// What stands at a place such as `api`, `apis/apps` or `apis/apps/v1`.
    void add(String place) {
        switch (place) {
            case "api" -> get(place, "core", "getCoreAPIVersions", "The versions of the core group.", reference(APIVersions.TYPE), MEDIA);
            case "apis" -> get(place, "apis", "getAPIVersions", "The groups that are served.", reference(APIGroupList.TYPE), MEDIA);
            case "version" -> get(place, "version", "getCodeVersion", "The version of this server.", schemas.add("io.k8s.apimachinery.pkg.version.Info", info()), JSON);
            case ".well-known/openid-configuration" -> get(
                    place, "WellKnown", "getServiceAccountIssuerOpenIDConfiguration", "The discovery document of the issuer of service accounts' tokens.", text(), JSON);
            case "openid/v1/jwks" -> get(
                    place, "openid", "getServiceAccountIssuerOpenIDKeyset", "The public keys that verify service accounts' tokens.", text(), List.of("application/jwk-set+json"));
            default -> group(place);
        }
    }

    private void group(String place) {
        List<String> steps = List.of(place.split("/"));
        boolean core = steps.getFirst().equals("api");
        String group = core ? "core" : steps.get(1);
        String name = Operations.groupName(group);
        String tag = name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
        if (steps.size() == (core ? 2 : 3)) {
            String version = steps.getLast();
            get(place, tag + "_" + version, "get" + name + Operations.capital(version) + "APIResources", "The resources of this version.", reference(APIResourceList.TYPE), MEDIA);
        } else {
            get(place, tag, "get" + name + "APIGroup", "The versions of this group.", reference(APIGroup.TYPE), MEDIA);
        }
    }

    private Map<String, Object> reference(Type type) {
        Map<String, Object> reference = schemas.reference(type);
        schemas.kind(type.name(), "", "v1", type.name().substring(type.name().lastIndexOf('.') + 1));
        return reference;
    }

    private static Map<String, Object> text() {
        return JsonObject.of("type", "string");
    }

    private static Map<String, Object> info() {
        Map<String, Object> properties = new TreeMap<>();
        for (String name : List.of("buildDate", "compiler", "gitCommit", "gitTreeState", "gitVersion", "goVersion", "major", "minor", "platform")) {
            properties.put(name, JsonObject.of("type", "string", "default", ""));
        }
        for (String name : List.of("emulationMajor", "emulationMinor", "minCompatibilityMajor", "minCompatibilityMinor")) {
            properties.put(name, JsonObject.of("type", "string"));
        }
        return JsonObject.of(
                "description", "What the server was built from.", "type", "object",
                "required", List.of("major", "minor", "gitVersion", "gitCommit", "gitTreeState", "buildDate", "goVersion", "compiler", "platform"), "properties", properties);
    }

    private void get(String place, String tag, String id, String description, Map<String, Object> answer, List<String> media) {
        Map<String, Object> operation = JsonObject.of("tags", List.of(tag), "description", description, "operationId", id);
        Map<String, Object> ok = JsonObject.of("description", "OK");
        if (dialect == Dialect.V2) {
            if (place.startsWith("api") || place.equals("version")) {
                operation.put("consumes", media);
            }
            operation.put("produces", media);
            operation.put("schemes", List.of("https"));
            ok.put("schema", answer);
        } else {
            Map<String, Object> content = JsonObject.of();
            media.forEach(type -> content.put(type, JsonObject.of("schema", answer)));
            ok.put("content", content);
        }
        operation.put("responses", JsonObject.of("200", ok, "401", JsonObject.of("description", "Unauthorized")));
        paths.put("/" + place + "/", JsonObject.of("get", operation));
    }
}
