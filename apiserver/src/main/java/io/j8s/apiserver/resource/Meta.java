package io.j8s.apiserver.resource;

import io.j8s.model.Field;
import io.j8s.model.Struct;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Reads single fields of any object's metadata.
final class Meta {

    private Meta() {}

    static String name(Struct object) {
        return value(object, "name") instanceof String name ? name : "";
    }

    static String age(Struct object, Instant now) {
        return Cells.age(value(object, "creationTimestamp") instanceof Instant created ? created : null, now);
    }

    private static @Nullable Object value(Struct object, String name) {
        Field metadata = object.structType().field("metadata");
        if (metadata == null || !(object.get(metadata) instanceof Struct meta)) {
            return null;
        }
        Field field = meta.structType().field(name);
        return field == null ? null : meta.get(field);
    }
}
