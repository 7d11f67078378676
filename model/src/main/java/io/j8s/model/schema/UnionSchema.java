package io.j8s.model.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A schema whose values can hold what either of two schemas allows. What the two say differently of a value's kind is said no more: anything can be held there.
public final class UnionSchema {

    private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";

    private UnionSchema() {}

    /// Of two schemas as plain JSON.
    public static Map<String, Object> of(Map<?, ?> a, Map<?, ?> b) {
        Map<String, Object> union = new LinkedHashMap<>();
        a.forEach((key, value) -> union.put((String) key, value));
        if (a.equals(b)) {
            return union;
        }
        boolean intOrString = a.get("x-kubernetes-int-or-string") != null || b.get("x-kubernetes-int-or-string") != null;
        boolean maps = (a.get("additionalProperties") != null) != (b.get("additionalProperties") != null);
        if (!Objects.equals(a.get("type"), b.get("type")) || intOrString || maps) {
            return new LinkedHashMap<>(Map.of(PRESERVE, true));
        }
        for (String flag : List.of("nullable", PRESERVE)) {
            if (Boolean.TRUE.equals(b.get(flag))) {
                union.put(flag, true);
            }
        }
        for (String kind : List.of("x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type", "default")) {
            if (!Objects.equals(a.get(kind), b.get(kind))) {
                union.remove(kind);
            }
        }
        for (String below : List.of("items", "additionalProperties")) {
            if (a.get(below) instanceof Map<?, ?> one && b.get(below) instanceof Map<?, ?> other) {
                union.put(below, of(one, other));
            }
        }
        union.put("properties", members(a.get("properties") instanceof Map<?, ?> one ? one : Map.of(), b.get("properties") instanceof Map<?, ?> other ? other : Map.of()));
        return union;
    }

    private static Map<String, Object> members(Map<?, ?> a, Map<?, ?> b) {
        Map<String, Object> members = new LinkedHashMap<>();
        a.forEach((name, value) -> members.put((String) name, value));
        b.forEach((name, value) -> members.merge((String) name, value,
                (one, other) -> one instanceof Map<?, ?> first && other instanceof Map<?, ?> second ? of(first, second) : one));
        return members;
    }
}
