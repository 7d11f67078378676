package io.j8s.model.patch;

import io.j8s.model.Field;
import io.j8s.model.JsonNull;
import io.j8s.model.Shape;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON merge patch over typed values: objects merge, null takes away, everything else replaces.
@SuppressWarnings("ReferenceEquality") // what does not change stays the very same
final class MergePatch {

    private final PlainReader reader;

    MergePatch(PlainReader reader) {
        this.reader = reader;
    }

    Struct message(Type type, @Nullable Struct live, Map<?, ?> patch, Place place) {
        Struct base = live == null ? type.empty() : live;
        Struct.Builder out = null;
        Map<String, Object> unknown = null;
        for (Map.Entry<?, ?> entry : patch.entrySet()) {
            String name = (String) entry.getKey();
            Field field = type.field(name);
            if (field != null) {
                Object before = base.get(field);
                Object after = field(field, before, entry.getValue(), place.field(name));
                if (after != before) {
                    out = out == null ? base.toBuilder() : out;
                    out.set(field, after);
                }
            } else if (type.preservesUnknown()) {
                unknown = unknown == null ? new LinkedHashMap<>(base.unknown()) : unknown;
                Object merged = plain(unknown.get(name), entry.getValue());
                if (merged == null) {
                    unknown.remove(name);
                } else {
                    unknown.put(name, merged);
                }
            } else if (entry.getValue() != JsonNull.NULL) {
                reader.unknown(place.field(name));
            }
        }
        if (unknown != null && !unknown.equals(base.unknown())) {
            out = (out == null ? base.toBuilder() : out).unknown(unknown);
        }
        return out == null ? base : out.build();
    }

    private @Nullable Object field(Field field, @Nullable Object live, Object patch, Place place) {
        if (patch == JsonNull.NULL) {
            return null;
        }
        Object after = value(field.shape(), live, patch, place);
        if (after == null) {
            return reader.field(field, withoutNulls(patch), place);
        }
        return after.equals(live) ? live : after;
    }

    /// The merged value of what merges; null for what is replaced.
    private @Nullable Object value(Shape shape, @Nullable Object live, Object patch, Place place) {
        if (!(patch instanceof Map<?, ?> map)) {
            return null;
        }
        return switch (shape) {
            case Shape.Message(var supplier) -> message(supplier.get(), live instanceof Struct struct ? struct : null, map, place);
            case Shape.MapOf(Shape value) -> map(value, live instanceof Map<?, ?> before ? before : Map.of(), map, place);
            case Shape.Scalar.JSON -> plain(live, patch);
            case Shape.ListOf _, Shape.Scalar _ -> null;
        };
    }

    private Map<Object, Object> map(Shape shape, Map<?, ?> live, Map<?, ?> patch, Place place) {
        Map<Object, Object> out = new LinkedHashMap<>(live);
        patch.forEach((key, inner) -> {
            if (inner == JsonNull.NULL) {
                out.remove(key);
                return;
            }
            Place at = place.field((String) key);
            Object merged = value(shape, live.get(key), inner, at);
            out.put(key, merged == null ? reader.value(shape, withoutNulls(inner), at) : merged);
        });
        return out;
    }

    /// The merge of plain values; null when nothing is left.
    static @Nullable Object plain(@Nullable Object live, Object patch) {
        if (patch == JsonNull.NULL) {
            return null;
        }
        if (!(patch instanceof Map<?, ?> map)) {
            return withoutNulls(patch);
        }
        Map<Object, Object> out = new LinkedHashMap<>(live instanceof Map<?, ?> before ? before : Map.of());
        map.forEach((key, inner) -> {
            Object merged = plain(out.get(key), inner);
            if (merged == null) {
                out.remove(key);
            } else {
                out.put(key, merged);
            }
        });
        return out;
    }

    /// The value without null members of objects, however deep; null elements of lists stay.
    static Object withoutNulls(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<Object, Object> left = new LinkedHashMap<>();
                map.forEach((key, inner) -> {
                    if (inner != JsonNull.NULL) {
                        left.put(key, withoutNulls(inner));
                    }
                });
                yield left;
            }
            case List<?> list -> list.stream().map(MergePatch::withoutNulls).toList();
            default -> value;
        };
    }
}
