package io.j8s.apiserver.resource;

import io.j8s.model.Field;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.Type;

/// Takes an object's parts from the one or the other of two states, as most strategies do.
public final class Parts {

    private Parts() {}

    /// What was sent, with the stored `status`.
    public static <T extends Struct> T keepStatus(T sent, T stored) {
        return keep(sent, stored, "status");
    }

    /// What was sent, without `status`.
    @SuppressWarnings("unchecked") // a changed copy of a T is a T
    public static <T extends Struct> T withoutStatus(T sent) {
        Field status = field(sent.structType(), "status");
        return sent.has(status) ? (T) sent.with(status, null) : sent;
    }

    /// What is stored, with the `status` and the metadata that were sent.
    public static <T extends Struct> T onlyStatus(T sent, T stored, WriteContext context) {
        return Objects.withMetadata(keep(stored, sent, "status"), Objects.metadata(sent));
    }

    /// What is stored, with the `status` that was sent; of the metadata, only who owns which field follows.
    public static <T extends Struct> T onlyStatusWithoutMetadata(T sent, T stored, WriteContext context) {
        return Objects.withMetadata(keep(stored, sent, "status"), Objects.metadata(stored).withManagedFields(Objects.metadata(sent).managedFields()));
    }

    /// The object with one field as it is in another.
    @SuppressWarnings("unchecked") // a changed copy of a T is a T
    public static <T extends Struct> T keep(T object, T from, String name) {
        Field field = field(object.structType(), name);
        return (T) object.with(field, from.get(field(from.structType(), name)));
    }

    static Field field(Type type, String name) {
        Field field = type.field(name);
        if (field == null) {
            throw new IllegalArgumentException(type + " has no field \"" + name + "\"");
        }
        return field;
    }
}
