package io.j8s.apiserver.openapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The schema of a definition as documents show it: objects of kinds have `apiVersion`, `kind` and `metadata`, and what may be a number or a text says so.
///
/// @param metadata the reference to ObjectMeta
/// @param alone whether references stand alone (v3)
record CustomDocument(Map<String, Object> metadata, boolean alone) {

    private static final List<Map<String, Object>> NUMBER_OR_TEXT = List.of(JsonObject.of("type", "integer"), JsonObject.of("type", "string"));

    static Map<String, Object> described(String text, Map<String, Object> reference, boolean alone) {
        Map<String, Object> described = JsonObject.of("description", text);
        if (alone) {
            described.put("allOf", List.of(reference));
        } else {
            described.putAll(reference);
        }
        return described;
    }

    Map<String, Object> root(Map<String, Object> schema) {
        if (preserves(schema) && !alone) {
            return JsonObject.of("type", "object"); // v2 has no words for more
        }
        Map<String, Object> object = within(schema);
        object.put("type", "object");
        object.put("properties", withMeta(object));
        return object;
    }

    private static boolean preserves(Map<?, ?> schema) {
        return Boolean.TRUE.equals(schema.get("x-kubernetes-preserve-unknown-fields"));
    }

    private Map<String, Object> withMeta(Map<?, ?> schema) {
        Map<String, Object> properties = JsonObject.of();
        properties.put("apiVersion", JsonObject.of("type", "string", "description", "The version of the schema of this object."));
        properties.put("kind", JsonObject.of("type", "string", "description", "The kind of this object."));
        properties.put("metadata", described("Standard object metadata.", metadata, alone));
        if (schema.get("properties") instanceof Map<?, ?> own) {
            own.forEach((name, property) -> properties.putIfAbsent(String.valueOf(name), property));
        }
        return properties;
    }

    private Map<String, Object> within(Map<?, ?> schema) {
        Map<String, Object> shown = new LinkedHashMap<>();
        schema.forEach((name, value) -> shown.put(String.valueOf(name), below(String.valueOf(name), value)));
        if (Boolean.TRUE.equals(schema.get("x-kubernetes-int-or-string")) && alone && !shown.containsKey("anyOf") && !shown.containsKey("allOf")) {
            shown.put("anyOf", NUMBER_OR_TEXT);
        }
        if (Boolean.TRUE.equals(schema.get("x-kubernetes-embedded-resource")) && (alone || !preserves(schema))) {
            shown.put("properties", withMeta(shown));
            List<Object> required = new ArrayList<>(shown.get("required") instanceof List<?> known ? known : List.of());
            List.of("apiVersion", "kind").stream().filter(name -> !required.contains(name)).forEach(required::add);
            shown.put("required", required);
        }
        return shown;
    }

    private Object below(String name, Object value) {
        return switch (name) {
            case "properties" -> {
                Map<String, Object> properties = new LinkedHashMap<>();
                if (value instanceof Map<?, ?> map) {
                    map.forEach((key, schema) -> properties.put(String.valueOf(key), schema instanceof Map<?, ?> one ? within(one) : schema));
                }
                yield properties;
            }
            case "items", "additionalProperties" -> value instanceof Map<?, ?> schema ? within(schema) : value;
            default -> value;
        };
    }
}
