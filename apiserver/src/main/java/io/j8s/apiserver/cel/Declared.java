package io.j8s.apiserver.cel;

import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import io.j8s.model.schema.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What CEL knows of the values of a schema: their type, and how many elements or characters they have at most. Immutable.
///
/// @param fields of an object, by their names in expressions
/// @param element of a list or a map; null for others
/// @param mostElements elements of a list or a map, characters of a text; as far as the schema bounds them, or a request does
/// @param leastBytes of the value as JSON
record Declared(CelType type, Map<String, Declared> fields, @Nullable Declared element, long mostElements, long leastBytes) {

    /// The name of the outermost type: nothing that expressions could take for a variable.
    static final String ROOT = "schema.type";
    static final long REQUEST_BYTES = 3 * 1024 * 1024;
    private static final int BYTES_OF_A_CHARACTER = 4;
    private static final Declared STRING = simple(SimpleType.STRING, REQUEST_BYTES - 2, 2);

    private static Declared simple(CelType type, long mostElements, long leastBytes) {
        return new Declared(type, Map.of(), null, mostElements, leastBytes);
    }

    /// What is known of values of a schema; null for what cannot be used in expressions.
    ///
    /// @param name of the type, where it is an object
    /// @param resource whether it is an object of its own, with names and a kind
    static @Nullable Declared of(Schema schema, String name, boolean resource) {
        if (schema.intOrString()) {
            return simple(SimpleType.DYN, schema.limits().maxLength() instanceof Long most ? atLeastNone(most) * BYTES_OF_A_CHARACTER : REQUEST_BYTES - 2, 1);
        }
        return switch (schema.type()) {
            case "array" -> array(schema, name);
            case "object" -> object(schema, name, resource);
            case "string" -> text(schema);
            case "boolean" -> simple(SimpleType.BOOL, 0, 4);
            case "number" -> simple(SimpleType.DOUBLE, 0, 1);
            case "integer" -> simple(SimpleType.INT, 0, 1);
            default -> null;
        };
    }

    private static long atLeastNone(long count) {
        return Math.max(count, 0);
    }

    private static @Nullable Declared array(Schema schema, String name) {
        Schema items = schema.items();
        Declared element = items == null ? null : of(items, name + ".@items", items.embeddedResource());
        if (element == null) {
            return null;
        }
        Long most = schema.limits().maxItems();
        return new Declared(
                ListType.create(element.type), Map.of(), element, most == null ? (REQUEST_BYTES - 2) / (element.leastBytes + 1) : atLeastNone(most), 2);
    }

    private static @Nullable Declared object(Schema schema, String name, boolean resource) {
        Schema additional = schema.additional();
        if (additional != null && !resource) {
            Declared element = of(additional, name + ".@values", additional.embeddedResource());
            if (element == null) {
                return null;
            }
            Long most = schema.limits().maxProperties();
            return new Declared(MapType.create(SimpleType.STRING, element.type), Map.of(), element,
                    most == null ? (REQUEST_BYTES - 2) / (element.leastBytes + 6) : atLeastNone(most), 2);
        }
        Map<String, Declared> fields = new LinkedHashMap<>();
        long least = 2;
        for (Map.Entry<String, Schema> property : schema.properties().entrySet()) {
            Declared field = of(property.getValue(), name + "." + property.getKey(), property.getValue().embeddedResource());
            if (field == null) {
                continue;
            }
            String escaped = FieldNames.escaped(property.getKey());
            if (escaped != null) {
                fields.put(escaped, field);
            }
            if (schema.required().contains(property.getKey()) && property.getValue().defaultValue() == null) {
                least += property.getKey().length() + field.leastBytes + 4;
            }
        }
        if (resource) {
            fields.put("apiVersion", STRING);
            fields.put("kind", STRING);
            fields.put("metadata", metadata(name));
        }
        return new Declared(struct(name, fields), Map.copyOf(fields), null, 0, least);
    }

    private static Declared metadata(String name) {
        Map<String, Declared> fields = Map.of("name", STRING, "generateName", STRING);
        return new Declared(struct(name + ".metadata", fields), fields, null, 0, 2);
    }

    private static StructType struct(String name, Map<String, Declared> fields) {
        ImmutableMap.Builder<String, CelType> builder = ImmutableMap.builder();
        fields.forEach((field, declared) -> builder.put(field, declared.type));
        ImmutableMap<String, CelType> types = builder.buildOrThrow();
        return StructType.create(name, types.keySet(), field -> Optional.ofNullable(types.get(field)));
    }

    private static Declared text(Schema schema) {
        Long most = schema.limits().maxLength();
        return switch (schema.format()) {
            case "byte" -> simple(SimpleType.BYTES, most == null ? REQUEST_BYTES - 2 : atLeastNone(most), 2);
            case "duration" -> simple(SimpleType.DURATION, 32, 3);
            case "date" -> simple(SimpleType.TIMESTAMP, 12, 12);
            case "date-time" -> simple(SimpleType.TIMESTAMP, 32, 21);
            default -> {
                long longest = schema.enumeration().stream().mapToLong(value -> value instanceof String text ? utf8Length(text) : 0).max().orElse(0);
                yield simple(SimpleType.STRING, most != null ? atLeastNone(most) * BYTES_OF_A_CHARACTER : schema.enumeration().isEmpty() ? REQUEST_BYTES - 2 : longest, 2);
            }
        };
    }

    private static long utf8Length(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }

    /// Puts all object types of this one and below into a map by their names.
    void collect(Map<String, CelType> types) {
        if (type instanceof StructType struct) {
            types.put(struct.name(), struct);
        }
        fields.values().forEach(field -> field.collect(types));
        if (element != null) {
            element.collect(types);
        }
    }

    /// How often a value like this can be in one object, when nothing else bounds it.
    long mostTimes() {
        return REQUEST_BYTES / (leastBytes + 1);
    }
}
