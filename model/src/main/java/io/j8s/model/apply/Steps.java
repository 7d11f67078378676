package io.j8s.model.apply;

import io.j8s.model.Field;
import io.j8s.model.JsonNull;
import io.j8s.model.PathElement;
import io.j8s.model.Struct;
import io.j8s.model.apply.MergeSchema.Part;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which step of a path leads to an element of a list, and when two values count as equal.
@SuppressWarnings("ReferenceEquality") // sharing is common
final class Steps {

    private Steps() {}

    /// The element's keys; keys that are not set have their default, or are left out.
    ///
    /// @param item a [Struct] or a plain JSON object
    /// @throws InvalidConfigurationException when it has none of the keys
    static PathElement key(MergeSchema.Keyed list, Object item) {
        if (!(item instanceof Struct) && !(item instanceof Map<?, ?>)) {
            throw new InvalidConfigurationException("an element of a list of type map must be an object with " + list.keys());
        }
        List<PathElement.KeyField> fields = new ArrayList<>(list.keys().size());
        for (String key : list.keys()) {
            Part part = list.element().part(key);
            Object value = item instanceof Struct struct ? (part == null ? null : part.in(struct)) : ((Map<?, ?>) item).get(key);
            if (value == null && part != null) {
                value = defaultOf(part.field());
            }
            if (value != null) {
                fields.add(new PathElement.KeyField(key, plain(value)));
            }
        }
        if (fields.isEmpty()) {
            throw new InvalidConfigurationException("an element has none of the keys " + list.keys() + ": set them");
        }
        return new PathElement.Key(fields);
    }

    /// @throws InvalidConfigurationException for what cannot be told apart: objects, lists, null
    static PathElement distinct(Object item) {
        if (item instanceof Map<?, ?> || item instanceof List<?> || item instanceof Struct || item == JsonNull.NULL) {
            throw new InvalidConfigurationException("an element of a list of type set must be a string, number or boolean");
        }
        return new PathElement.Value(plain(item));
    }

    private static Object plain(Object value) {
        return switch (value) {
            case String _, Boolean _, Number _, JsonNull _ -> value;
            default -> value.toString();
        };
    }

    /// The default of a key as a plain value; null for none.
    private static @Nullable Object defaultOf(Field field) {
        String json = field.defaultValue();
        if (json == null || json.isEmpty()) {
            return null;
        }
        char first = json.charAt(0);
        if (first == '"') {
            return json.substring(1, json.length() - 1);
        }
        if (json.equals("true") || json.equals("false")) {
            return Boolean.valueOf(json);
        }
        return first == '-' || Character.isDigit(first) ? (Object) Long.valueOf(json) : null;
    }

    /// Equality of values: numbers by size, everything else as it is.
    static boolean equal(Object a, Object b) {
        if (a == b || a.equals(b)) {
            return true;
        }
        if (a instanceof Number x && b instanceof Number y) {
            return !(a instanceof BigInteger) && !(b instanceof BigInteger) && (a instanceof Double || b instanceof Double) && x.doubleValue() == y.doubleValue();
        }
        if (a instanceof List<?> x && b instanceof List<?> y && x.size() == y.size()) {
            for (int i = 0; i < x.size(); i++) {
                if (!equal(x.get(i), y.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return a instanceof Map<?, ?> x && b instanceof Map<?, ?> y && equalMaps(x, y);
    }

    private static boolean equalMaps(Map<?, ?> a, Map<?, ?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : a.entrySet()) {
            Object other = b.get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }
}
