package io.j8s.model.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A value and the older value that it came from, as far as the schema tells which parts belong together: fields by their names, elements of a list only where its kind
/// is `map`, by their keys (KEP-4008, validation ratcheting). One thread.
public final class Correlation {

    private final Schema schema;
    private final Object value;
    private final Object old;
    private final Map<Object, Correlation> parts = new HashMap<>();
    private @Nullable Boolean equal;
    private @Nullable Map<List<Object>, Object> keyed;

    private Correlation(Schema schema, Object value, Object old) {
        this.schema = schema;
        this.value = value;
        this.old = old;
    }

    /// Of a whole object, in plain JSON.
    public static Correlation of(Schema schema, Object value, Object old) {
        return new Correlation(schema, value, old);
    }

    /// A member; null when it was not there before, or nothing is said of it.
    public @Nullable Correlation key(String name) {
        if (!(old instanceof Map<?, ?> oldMap && value instanceof Map<?, ?> map)) {
            return null;
        }
        Schema member = schema.member(name);
        Object before = oldMap.get(name);
        Object now = map.get(name);
        if (member == null || before == null || now == null) {
            return null;
        }
        return parts.computeIfAbsent(name, key -> new Correlation(member, now, before));
    }

    /// An element; null when it cannot be told from which older one it came.
    public @Nullable Correlation index(int index) {
        Schema items = schema.items();
        if (items == null || !(value instanceof List<?> list) || index >= list.size()) {
            return null;
        }
        Object before = before(list.get(index));
        return before == null ? null : parts.computeIfAbsent(index, key -> new Correlation(items, list.get(index), before));
    }

    private @Nullable Object before(Object element) {
        List<Object> key = keyOf(schema, element);
        return key == null || !(old instanceof List<?>) ? null : keyed().get(key);
    }

    private Map<List<Object>, Object> keyed() {
        Map<List<Object>, Object> known = keyed;
        if (known == null) {
            known = byKey(schema, old instanceof List<?> list ? list : List.of());
            keyed = known;
        }
        return known;
    }

    /// The elements of a list of kind `map` by their keys; the first of several wins. Empty for other lists.
    public static Map<List<Object>, Object> byKey(Schema schema, List<?> list) {
        Map<List<Object>, Object> elements = new HashMap<>();
        for (Object element : list) {
            List<Object> key = keyOf(schema, element);
            if (key != null) {
                elements.putIfAbsent(key, element);
            }
        }
        return elements;
    }

    /// An element's key; null when the list has none, or a part of it is missing or no scalar.
    public static @Nullable List<Object> keyOf(Schema schema, Object element) {
        if (!schema.listType().equals("map") || schema.listMapKeys().isEmpty() || !(element instanceof Map<?, ?> map)) {
            return null;
        }
        List<Object> key = new ArrayList<>();
        for (String name : schema.listMapKeys()) {
            Object part = map.get(name);
            if (!(part instanceof Boolean || part instanceof Number || part instanceof String)) {
                return null;
            }
            key.add(part);
        }
        return key;
    }

    /// Whether nothing changed. Parts of which nothing is said count as changed.
    public boolean isEqual() {
        Boolean known = equal;
        if (known == null) {
            known = compare();
            equal = known;
        }
        return known;
    }

    private boolean compare() {
        if (value instanceof List<?> list && old instanceof List<?> before) {
            return list.size() == before.size() && (schema.listType().equals("map") ? sameElements(list) : list.equals(before));
        }
        if (value instanceof Map<?, ?> map && old instanceof Map<?, ?> before) {
            return map.size() == before.size() && map.keySet().stream().allMatch(name -> key((String) name) instanceof Correlation part && part.isEqual());
        }
        return Objects.equals(value, old);
    }

    private boolean sameElements(List<?> list) {
        for (int i = 0; i < list.size(); i++) {
            Correlation part = index(i);
            if (part == null || !part.isEqual()) {
                return false;
            }
        }
        return true;
    }
}
