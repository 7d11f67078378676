package io.j8s.apiserver.openapi;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Turns a v3 schema into one that OpenAPI v2 can say: alternatives, negations and `nullable` have no place there, so less is promised than holds.
final class V2Schema {

    private static final Set<String> UNKNOWN_TO_V2 = Set.of("anyOf", "oneOf", "not", "nullable", "allOf", "default");

    private V2Schema() {}

    static Map<String, Object> of(Map<?, ?> schema) {
        Map<String, Object> older = new TreeMap<>();
        boolean loose = Boolean.TRUE.equals(schema.get("nullable")) || Boolean.TRUE.equals(schema.get("x-kubernetes-int-or-string"))
                || Boolean.TRUE.equals(schema.get("x-kubernetes-preserve-unknown-fields"));
        schema.forEach((key, value) -> {
            String name = String.valueOf(key);
            boolean dropped = UNKNOWN_TO_V2.contains(name) || (loose && (name.equals("type") || name.equals("items") || name.equals("properties")));
            if (!dropped) {
                older.put(name, name.equals("properties") ? each(value) : value(name, value));
            }
        });
        demandNoNulls(schema, older);
        return older;
    }

    /// What may be null is not demanded, for null cannot be said.
    private static void demandNoNulls(Map<?, ?> schema, Map<String, Object> older) {
        if (!(older.get("required") instanceof List<?> required)) {
            return;
        }
        List<?> left = schema.get("additionalProperties") instanceof Map<?, ?> additional && isNullable(additional)
                ? List.of()
                : required.stream().filter(name -> !(schema.get("properties") instanceof Map<?, ?> properties && properties.get(name) instanceof Map<?, ?> one && isNullable(one))).toList();
        if (left.isEmpty()) {
            older.remove("required");
        } else {
            older.put("required", left);
        }
    }

    private static boolean isNullable(Map<?, ?> schema) {
        return Boolean.TRUE.equals(schema.get("nullable"));
    }

    private static Object value(String name, Object value) {
        return switch (name) {
            case "items", "additionalProperties" -> value instanceof Map<?, ?> schema ? of(schema) : value;
            default -> value;
        };
    }

    private static Object each(Object properties) {
        Map<String, Object> all = new TreeMap<>();
        if (properties instanceof Map<?, ?> map) {
            map.forEach((name, schema) -> all.put(String.valueOf(name), schema instanceof Map<?, ?> one ? of(one) : schema));
        }
        return all;
    }
}
