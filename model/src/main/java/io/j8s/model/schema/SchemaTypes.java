package io.j8s.model.schema;

import io.j8s.model.Field;
import io.j8s.model.Json;
import io.j8s.model.Shape;
import io.j8s.model.Type;
import io.j8s.model.meta.v1.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes types from schemas. Objects with properties become messages, objects with additional properties maps, lists lists; every scalar is kept as plain
/// JSON, so that a value of the wrong kind can be held until it is validated. What may be null or anything is plain JSON as a whole.
final class SchemaTypes {

    private SchemaTypes() {}

    /// The type of whole objects.
    static Type root(String name, String apiVersion, String kind, Schema schema) {
        return new Type(name, apiVersion, kind, () -> fields(name, schema, true), null, schema.preservesUnknown());
    }

    /// As [#root], for objects that do not fit it: each member can hold anything.
    static Type open(String name, String apiVersion, String kind, Schema schema) {
        return new Type(name, apiVersion, kind, () -> fields(name, schema, true).stream()
                .map(field -> isMeta(field.name()) ? field : Field.of(field.index(), field.name(), Shape.Scalar.JSON)).toList(), null, true);
    }

    private static boolean isMeta(String name) {
        return name.equals("apiVersion") || name.equals("kind") || name.equals("metadata");
    }

    private static Type message(String name, Schema schema) {
        return new Type(name, () -> fields(name, schema, schema.embeddedResource()), null, schema.preservesUnknown());
    }

    private static List<Field> fields(String name, Schema schema, boolean resource) {
        Map<String, @Nullable Schema> members = new TreeMap<>(schema.properties());
        if (resource) {
            members.put("apiVersion", null);
            members.put("kind", null);
            members.put("metadata", null);
        }
        List<Field> fields = new ArrayList<>();
        members.forEach((member, property) -> fields.add(property == null
                ? Field.of(fields.size(), member, member.equals("metadata") ? new Shape.Message(() -> ObjectMeta.TYPE) : Shape.Scalar.STRING)
                : field(fields.size(), name, member, property, schema.required().contains(member))));
        return fields;
    }

    private static Field field(int index, String owner, String name, Schema schema, boolean required) {
        Field field = Field.of(index, name, shape(owner + "." + name, schema)).withRequired(required);
        Object missing = schema.defaultValue();
        if (missing != null) {
            field = field.withDefault(new String(Json.writePlain(missing), StandardCharsets.UTF_8));
        }
        if (schema.mapType().equals("atomic")) {
            field = field.withMap(Field.MapKind.ATOMIC);
        }
        if (!(field.shape() instanceof Shape.ListOf)) {
            return field;
        }
        return switch (schema.listType()) {
            case "set" -> field.withList(Field.ListKind.SET, List.of());
            case "map" -> wholeElements(schema, field.withList(Field.ListKind.MAP, schema.listMapKeys()));
            default -> field;
        };
    }

    private static Field wholeElements(Schema list, Field field) {
        Schema items = list.items();
        return items != null && items.mapType().equals("atomic") ? field.withMap(Field.MapKind.ATOMIC) : field;
    }

    private static Shape shape(String name, Schema schema) {
        if (schema.nullable() || schema.intOrString()) {
            return Shape.Scalar.JSON;
        }
        Schema additional = schema.additional();
        Schema items = schema.items();
        if (schema.type().equals("object") && (!schema.properties().isEmpty() || schema.embeddedResource())) {
            Type type = message(name, schema);
            return new Shape.Message(() -> type);
        }
        if (schema.type().equals("object") && additional != null && !schema.preservesUnknown()) {
            return new Shape.MapOf(shape(name + ".*", additional));
        }
        if (schema.type().equals("array") && items != null) {
            Shape element = shape(name + "[]", items);
            boolean needsElements = element != Shape.Scalar.JSON || schema.listType().equals("set");
            return needsElements ? new Shape.ListOf(element) : Shape.Scalar.JSON;
        }
        return Shape.Scalar.JSON;
    }
}
