package io.j8s.apiserver.openapi;

import io.j8s.model.ApiResource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the schemas of custom resources come from: their definitions, not generated types.
@FunctionalInterface
public interface CustomSchemas {

    /// None.
    CustomSchemas NONE = api -> null;

    /// The OpenAPI v3 schema of a custom resource's version as plain JSON, as its definition says; null for a built-in resource.
    @Nullable Map<String, Object> of(ApiResource<?> api);

    /// What is the same object as long as the schema is unchanged; null for a built-in resource.
    default @Nullable Object edition(ApiResource<?> api) {
        return of(api);
    }

    /// The name of the schema: the group's labels in reverse, the version, the kind.
    static String name(ApiResource<?> api) {
        StringBuilder name = new StringBuilder();
        for (String label : List.of(api.group().split("\\.")).reversed()) {
            name.append(label).append('.');
        }
        return name.append(api.version()).append('.').append(api.kind()).toString();
    }

    /// The definition's schema with what every object has.
    ///
    /// @param alone whether references stand alone (v3)
    default Map<String, Object> object(Map<String, Object> schema, Map<String, Object> metadata, boolean alone) {
        return new CustomDocument(metadata, alone).root(schema);
    }

    /// The schema of a list of such objects.
    default Map<String, Object> list(Map<String, Object> item, Map<String, Object> metadata, boolean alone) {
        return JsonObject.of(
                "description", "A list of objects.", "type", "object", "required", List.of("items"),
                "properties", JsonObject.of(
                        "apiVersion", JsonObject.of("type", "string", "description", "The version of the schema of this object."),
                        "items", JsonObject.of("type", "array", "items", item, "description", "The objects."),
                        "kind", JsonObject.of("type", "string", "description", "The kind of this object."),
                        "metadata", CustomDocument.described("Standard list metadata.", metadata, alone)));
    }
}
