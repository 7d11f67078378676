package io.j8s.model.schema;

import io.j8s.model.PlainJson;
import io.j8s.model.Shape;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.patch.PatchException;
import io.j8s.model.patch.Place;
import io.j8s.model.patch.PlainReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Objects within objects have metadata like any other's: what is no metadata is taken out.
final class Embedded {

    private Embedded() {}

    /// @param unknown told of what is taken out
    static Object coerced(Object value, @Nullable Schema schema, Place place, Consumer<Place> unknown) {
        if (schema == null || !hasAny(schema)) {
            return value;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> out = new LinkedHashMap<>();
            map.forEach((name, member) -> out.put(name, coerced(member, schema.member((String) name), place.field((String) name), unknown)));
            if (schema.embeddedResource() && map.get("metadata") instanceof Map<?, ?> metadata) {
                out.put("metadata", metadata(metadata, place.field("metadata"), unknown));
            }
            return out;
        }
        if (value instanceof List<?> list) {
            List<Object> out = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                out.add(coerced(list.get(i), schema.items(), place.index(i), unknown));
            }
            return out;
        }
        return value;
    }

    private static Object metadata(Map<?, ?> metadata, Place place, Consumer<Place> unknown) {
        try {
            Object read = new PlainReader(unknown).value(new Shape.Message(() -> ObjectMeta.TYPE), metadata, place);
            return PlainJson.of((Struct) read);
        } catch (PatchException e) {
            return metadata; // refused when the object is checked
        }
    }

    private static boolean hasAny(Schema schema) {
        return schema.embeddedResource()
                || schema.items() != null && hasAny(schema.items())
                || schema.additional() != null && hasAny(schema.additional())
                || schema.properties().values().stream().anyMatch(Embedded::hasAny);
    }
}
