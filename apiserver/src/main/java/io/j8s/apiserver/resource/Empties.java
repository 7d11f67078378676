package io.j8s.apiserver.resource;

import io.j8s.model.Shape;
import io.j8s.model.Struct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Drops what protobuf cannot say: an empty list or map is no different there from none. Done before an object is stored, so that what a writer is answered is what
/// every later reader sees.
@SuppressWarnings("ReferenceEquality") // what does not change stays the very same
public final class Empties {

    private Empties() {}

    /// The value without empty lists and maps; the same value when there are none.
    @SuppressWarnings("unchecked") // a changed copy of a T is a T
    public static <T extends Struct> T dropped(T struct) {
        Struct[] result = {struct};
        struct.forEach((field, value) -> {
            Object kept = dropped(field.shape(), value);
            if (kept != value) {
                result[0] = result[0].with(field, isEmpty(kept) ? null : kept);
            } else if (!(field.shape() instanceof Shape.Scalar) && isEmpty(kept)) {
                result[0] = result[0].with(field, null);
            }
        });
        return (T) result[0];
    }

    private static boolean isEmpty(Object value) {
        return (value instanceof List<?> list && list.isEmpty()) || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    private static Object dropped(Shape shape, Object value) {
        return switch (shape) {
            case Shape.Message message -> dropped((Struct) value);
            case Shape.ListOf list -> list.element() instanceof Shape.Scalar ? value : droppedFrom(list.element(), (List<?>) value);
            case Shape.MapOf map -> map.value() instanceof Shape.Scalar ? value : droppedFrom(map.value(), (Map<?, ?>) value);
            case Shape.Scalar scalar -> value;
        };
    }

    private static Object droppedFrom(Shape element, List<?> list) {
        List<Object> changed = null;
        for (int i = 0; i < list.size(); i++) {
            Object kept = dropped(element, list.get(i));
            if (kept != list.get(i)) {
                changed = changed == null ? new ArrayList<>(list) : changed;
                changed.set(i, kept);
            }
        }
        return changed == null ? list : changed;
    }

    private static Object droppedFrom(Shape element, Map<?, ?> map) {
        Map<Object, Object> changed = new LinkedHashMap<>();
        boolean any = false;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object kept = dropped(element, entry.getValue());
            any |= kept != entry.getValue();
            changed.put(entry.getKey(), kept);
        }
        return any ? changed : map;
    }
}
