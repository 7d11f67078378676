package io.j8s.model.schema;

import io.j8s.model.JsonNull;
import io.j8s.model.patch.Place;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Brings plain JSON objects into the shape of a schema: defaults put in, unknown fields and unwanted nulls taken out. Nothing given is changed; what has
/// the shape already is returned as it is.
@SuppressWarnings("ReferenceEquality") // what does not change stays the very same
final class Shaping {

    private static final Set<String> META = Set.of("apiVersion", "kind", "metadata");

    private Shaping() {}

    /// As upstream keeps it: whole numbers as such, too large ones as floating point, members by name.
    static Object normal(Object value) {
        return switch (value) {
            case BigInteger number -> number.doubleValue();
            case Double number when number == Math.rint(number) && Math.abs(number) < 1L << 53 -> (long) (double) number;
            case Map<?, ?> map -> eachMember(byName(map), (name, item) -> normal(item));
            case List<?> list -> eachItem(list, (index, item) -> normal(item));
            default -> value;
        };
    }

    private static Map<?, ?> byName(Map<?, ?> map) {
        String last = "";
        for (Object key : map.keySet()) {
            String name = (String) key;
            if (last.compareTo(name) > 0) {
                return new TreeMap<>(map);
            }
            last = name;
        }
        return map;
    }

    private interface MemberChange {
        @Nullable Object apply(String name, Object value);
    }

    private interface ItemChange {
        Object apply(int index, Object value);
    }

    /// A map with changed members; null takes one away.
    private static Map<?, ?> eachMember(Map<?, ?> map, MemberChange change) {
        Map<Object, Object> out = new LinkedHashMap<>();
        boolean changed = false;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object value = change.apply((String) entry.getKey(), entry.getValue());
            changed |= value != entry.getValue();
            if (value != null) {
                out.put(entry.getKey(), value);
            }
        }
        return changed ? out : map;
    }

    private static List<?> eachItem(List<?> list, ItemChange change) {
        List<Object> out = new ArrayList<>(list.size());
        boolean changed = false;
        for (int i = 0; i < list.size(); i++) {
            Object value = change.apply(i, list.get(i));
            changed |= value != list.get(i);
            out.add(value);
        }
        return changed ? out : list;
    }

    // ---- defaults ----

    static Object defaulted(Object value, @Nullable Schema schema) {
        if (schema == null) {
            return value;
        }
        return switch (value) {
            case Map<?, ?> map -> defaultedMembers(map, schema);
            case List<?> list -> eachItem(list, (index, item) -> defaulted(orDefault(item, schema.items()), schema.items()));
            default -> value;
        };
    }

    private static Map<?, ?> defaultedMembers(Map<?, ?> map, Schema schema) {
        Map<Object, Object> added = null;
        for (Map.Entry<String, Schema> property : schema.properties().entrySet()) {
            Object missing = property.getValue().defaultValue();
            Object present = map.get(property.getKey());
            if (missing != null && (present == null || Schema.isUnwantedNull(present, property.getValue()))) {
                added = added == null ? new LinkedHashMap<>(map) : added;
                added.put(property.getKey(), missing);
            }
        }
        return eachMember(added == null ? map : added, (name, item) -> {
            Schema property = schema.properties().get(name);
            return property != null ? defaulted(item, property) : defaulted(orDefault(item, schema.additional()), schema.additional());
        });
    }

    private static Object orDefault(Object value, @Nullable Schema schema) {
        Object missing = schema == null ? null : schema.defaultValue();
        return missing != null && Schema.isUnwantedNull(value, schema) ? missing : value;
    }

    // ---- nulls ----

    static Object withoutUnwantedNulls(Object value, @Nullable Schema schema) {
        return switch (value) {
            case Map<?, ?> map -> eachMember(map, (name, item) -> {
                Schema member = schema == null ? null : schema.member(name);
                boolean unwanted = item == JsonNull.NULL && member != null && !member.nullable() && member.defaultValue() == null;
                return unwanted ? null : withoutUnwantedNulls(item, member);
            });
            case List<?> list -> eachItem(list, (index, item) -> withoutUnwantedNulls(item, schema == null ? null : schema.items()));
            default -> value;
        };
    }

    // ---- pruning ----

    /// @param unknown told of what is taken away
    static Object prunedRoot(Object object, Schema schema, Consumer<Place> unknown) {
        return pruned(object, schema, true, Place.ROOT, unknown);
    }

    static Object pruned(Object value, @Nullable Schema schema, boolean resource, Place place, Consumer<Place> unknown) {
        if (schema != null && schema.preservesUnknown()) {
            return prunedWithin(value, schema, resource, place, unknown);
        }
        return switch (value) {
            case Map<?, ?> map -> eachMember(map, (name, item) -> {
                if (schema != null && resource && META.contains(name)) {
                    return item;
                }
                Schema property = schema == null ? null : schema.properties().get(name);
                if (property != null) {
                    return pruned(item, property, property.embeddedResource(), place.field(name), unknown);
                }
                if (schema != null && (schema.additional() != null || schema.additionalAny() || schema.additionalNone())) {
                    return pruned(item, schema.additional(), isResource(schema.additional()), place.field(name), unknown);
                }
                unknown.accept(place.field(name));
                return null;
            });
            case List<?> list -> eachItem(list, (index, item) ->
                    pruned(item, schema == null ? null : schema.items(), isResource(schema == null ? null : schema.items()), place.index(index), unknown));
            default -> value;
        };
    }

    /// What is kept whole may still have members with schemas of their own.
    private static Object prunedWithin(Object value, @Nullable Schema schema, boolean resource, Place place, Consumer<Place> unknown) {
        if (schema == null) {
            return value;
        }
        return switch (value) {
            case Map<?, ?> map -> eachMember(map, (name, item) -> {
                Schema property = schema.properties().get(name);
                if (resource && META.contains(name) || property == null && schema.additional() == null && !schema.additionalAny() && !schema.additionalNone()) {
                    return item;
                }
                Schema member = property == null ? schema.additional() : property;
                return pruned(item, member, isResource(member), place.field(name), unknown);
            });
            case List<?> list -> eachItem(list, (index, item) -> prunedWithin(item, schema.items(), isResource(schema.items()), place.index(index), unknown));
            default -> value;
        };
    }

    private static boolean isResource(@Nullable Schema schema) {
        return schema != null && schema.embeddedResource();
    }
}
