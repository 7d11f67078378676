package io.j8s.apiserver.openapi;

import io.j8s.model.ApiResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the schemas of custom resources come from: their definitions, not generated types.
@FunctionalInterface
public interface CustomSchemas {

    /// None.
    CustomSchemas NONE = api -> null;

    /// The OpenAPI v3 schema of a custom resource's version as plain JSON, as its definition says; null for a built-in resource. Equal as long as it is unchanged.
    @Nullable Map<String, Object> of(ApiResource<?> api);

    /// The name of the schema: the group's labels in reverse, the version, the kind.
    static String name(ApiResource<?> api) {
        StringBuilder name = new StringBuilder();
        for (String label : List.of(api.group().split("\\.")).reversed()) {
            name.append(label).append('.');
        }
        return name.append(api.version()).append('.').append(api.kind()).toString();
    }

    /// The definition's schema with what every object has.
    default Map<String, Object> object(Map<String, Object> schema, Map<String, Object> metadata) {
        Map<String, Object> object = new LinkedHashMap<>(schema);
        Map<String, Object> properties = JsonObject.of();
        properties.put("apiVersion", JsonObject.of("type", "string", "description", "The version of the schema of this object."));
        properties.put("kind", JsonObject.of("type", "string", "description", "The kind of this object."));
        properties.put("metadata", JsonObject.of("description", "Standard object metadata.", "allOf", List.of(metadata)));
        if (schema.get("properties") instanceof Map<?, ?> own) {
            own.forEach((name, property) -> properties.putIfAbsent(String.valueOf(name), property));
        }
        object.put("type", "object");
        object.put("properties", properties);
        return object;
    }

    /// The schema of a list of such objects.
    default Map<String, Object> list(Map<String, Object> item, Map<String, Object> metadata) {
        return JsonObject.of(
                "description", "A list of objects.", "type", "object", "required", List.of("items"),
                "properties", JsonObject.of(
                        "apiVersion", JsonObject.of("type", "string", "description", "The version of the schema of this object."),
                        "items", JsonObject.of("type", "array", "items", item, "description", "The objects."),
                        "kind", JsonObject.of("type", "string", "description", "The kind of this object."),
                        "metadata", JsonObject.of("description", "Standard list metadata.", "allOf", List.of(metadata))));
    }
}
