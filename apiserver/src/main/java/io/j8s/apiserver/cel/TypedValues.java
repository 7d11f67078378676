package io.j8s.apiserver.cel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import io.j8s.model.JsonNull;
import io.j8s.model.schema.Schema;
import io.j8s.model.schema.TextFormats;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Plain JSON as values of the types that its schema declares: times, durations and bytes as such, objects with the fields that are stated, by the names that
/// expressions use.
final class TypedValues {

    private TypedValues() {}

    /// @param resource whether the object has `apiVersion`, `kind` and `metadata` in any case
    /// @throws IllegalArgumentException when a text is not of its format
    static Object of(@Nullable Object value, Schema schema, boolean resource) {
        if (value == null || value == JsonNull.NULL) {
            return NullValue.NULL_VALUE;
        }
        if (schema.intOrString()) {
            return value instanceof Integer number ? (Object) number.longValue() : value;
        }
        return switch (value) {
            case Map<?, ?> map -> object(map, schema, resource);
            case List<?> list -> list(list, schema);
            case String text -> text(text, schema);
            case Number number when schema.type().equals("number") -> number.doubleValue();
            case Number number -> number.longValue();
            default -> value;
        };
    }

    private static Object list(List<?> list, Schema schema) {
        Schema items = schema.items();
        if (items == null) {
            return ImmutableList.of();
        }
        ImmutableList.Builder<Object> values = ImmutableList.builder();
        list.forEach(item -> values.add(of(item, items, items.embeddedResource())));
        return SchemaLists.of(values.build(), schema);
    }

    private static Object object(Map<?, ?> map, Schema schema, boolean resource) {
        ImmutableMap.Builder<Object, Object> members = ImmutableMap.builder();
        Schema additional = schema.additional();
        if (additional != null && !resource) {
            map.forEach((key, value) -> members.put(key, of(value, additional, additional.embeddedResource())));
            return members.buildOrThrow();
        }
        schema.properties().forEach((name, property) -> {
            Object value = map.get(name);
            String escaped = FieldNames.escaped(name);
            if (value != null && escaped != null && !(resource && isMeta(name))) {
                members.put(escaped, of(value, property, property.embeddedResource()));
            }
        });
        if (resource) {
            meta(map, members);
        }
        return members.buildOrThrow();
    }

    private static boolean isMeta(String name) {
        return name.equals("apiVersion") || name.equals("kind") || name.equals("metadata");
    }

    private static void meta(Map<?, ?> map, ImmutableMap.Builder<Object, Object> members) {
        for (String name : List.of("apiVersion", "kind")) {
            if (map.get(name) instanceof String text) {
                members.put(name, text);
            }
        }
        if (map.get("metadata") instanceof Map<?, ?> metadata) {
            ImmutableMap.Builder<Object, Object> names = ImmutableMap.builder();
            for (String name : List.of("name", "generateName")) {
                if (metadata.get(name) instanceof String text) {
                    names.put(name, text);
                }
            }
            members.put("metadata", names.buildOrThrow());
        }
    }

    private static Object text(String text, Schema schema) {
        return switch (schema.format()) {
            case "byte" -> CelByteString.of(Base64.getDecoder().decode(text));
            case "date-time" -> TextFormats.time(text);
            case "date" -> TextFormats.date(text);
            case "duration" -> TextFormats.duration(text);
            default -> text;
        };
    }
}
