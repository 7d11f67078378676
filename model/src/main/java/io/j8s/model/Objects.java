package io.j8s.model;

import io.j8s.model.meta.v1.ListMeta;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What all objects have in common, for code that does not know their type: `apiVersion`, `kind`, `metadata`, a list's `items`.
public final class Objects {

    private Objects() {}

    /// The object's metadata; empty when it has none.
    public static ObjectMeta metadata(Struct object) {
        Field field = object.structType().field("metadata");
        Object value = field == null ? null : object.get(field);
        return value instanceof ObjectMeta metadata ? metadata : ObjectMeta.EMPTY;
    }

    /// @throws IllegalArgumentException when objects of this type have no such metadata
    public static <T extends Struct> T withMetadata(T object, ObjectMeta metadata) {
        return with(object, "metadata", metadata);
    }

    /// A list's metadata; empty when it has none.
    public static ListMeta listMetadata(Struct list) {
        Field field = list.structType().field("metadata");
        Object value = field == null ? null : list.get(field);
        return value instanceof ListMeta metadata ? metadata : ListMeta.EMPTY;
    }

    /// A list's items; empty when it has none or they are not objects.
    @SuppressWarnings("unchecked")
    public static List<Struct> items(Struct list) {
        Field field = list.structType().field("items");
        Object value = field == null ? null : list.get(field);
        return value instanceof List<?> items && (items.isEmpty() || items.getFirst() instanceof Struct) ? (List<Struct>) items : List.of();
    }

    /// What the object says in `kind`; empty when nothing.
    public static String kind(Struct object) {
        return text(object, "kind");
    }

    /// What the object says in `apiVersion`; empty when nothing.
    public static String apiVersion(Struct object) {
        return text(object, "apiVersion");
    }

    /// The object with `apiVersion` and `kind` as its type has them; the object itself when it has them already, or its type has none.
    public static <T extends Struct> T typed(T object) {
        Type type = object.structType();
        if (type.kind().isEmpty() || (kind(object).equals(type.kind()) && apiVersion(object).equals(type.apiVersion()))) {
            return object;
        }
        return with(with(object, "kind", type.kind()), "apiVersion", type.apiVersion());
    }

    /// The object without `apiVersion` and `kind`, as it stands in a list.
    public static <T extends Struct> T untyped(T object) {
        T bare = object;
        if (!kind(bare).isEmpty()) {
            bare = with(bare, "kind", null);
        }
        return apiVersion(bare).isEmpty() ? bare : with(bare, "apiVersion", null);
    }

    private static String text(Struct object, String name) {
        Field field = object.structType().field(name);
        return field != null && object.get(field) instanceof String text ? text : "";
    }

    @SuppressWarnings("unchecked")
    private static <T extends Struct> T with(T object, String name, @Nullable Object value) {
        Field field = object.structType().field(name);
        if (field == null) {
            throw new IllegalArgumentException(object.structType() + " has no field \"" + name + "\"");
        }
        return (T) object.with(field, value);
    }
}
