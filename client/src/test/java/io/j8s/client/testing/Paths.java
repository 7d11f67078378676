package io.j8s.client.testing;

import io.j8s.model.Field;
import io.j8s.model.Struct;
import org.jspecify.annotations.Nullable;

/// Reads and writes fields of any struct by their JSON names.
final class Paths {
    private Paths() {}

    static @Nullable Object get(Struct object, String path) {
        Object value = object;
        for (String name : path.split("\\.")) {
            if (!(value instanceof Struct struct)) {
                return null;
            }
            Field field = struct.structType().field(name);
            value = field == null ? struct.unknown().get(name) : struct.get(field);
        }
        return value;
    }

    static Struct with(Struct object, String name, @Nullable Object value) {
        Field field = object.structType().field(name);
        if (field == null) {
            throw new IllegalArgumentException(object.structType() + " has no field " + name);
        }
        return object.with(field, value);
    }

    static boolean has(Struct object, String name) {
        return object.structType().field(name) != null;
    }
}
