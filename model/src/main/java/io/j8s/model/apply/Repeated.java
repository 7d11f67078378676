package io.j8s.model.apply;

import io.j8s.model.Field;
import io.j8s.model.Shape;
import io.j8s.model.Struct;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Refuses elements that are there twice in lists of type set or map within a value that is merged as a whole.
final class Repeated {

    private Repeated() {}

    /// @throws InvalidConfigurationException naming the path of the list
    static void refuse(Shape shape, Object value) {
        switch (shape) {
            case Shape.Message _ -> ofFields((Struct) value);
            case Shape.ListOf(Shape element) when !(element instanceof Shape.Scalar) -> {
                List<?> list = (List<?>) value;
                for (int i = 0; i < list.size(); i++) {
                    within("[" + i + "]", element, list.get(i));
                }
            }
            case Shape.MapOf(Shape element) when !(element instanceof Shape.Scalar) -> ((Map<?, ?>) value).forEach((key, inner) -> within("." + key, element, inner));
            case Shape.ListOf _, Shape.MapOf _, Shape.Scalar _ -> {}
        }
    }

    private static void within(String step, Shape shape, Object value) {
        try {
            refuse(shape, value);
        } catch (InvalidConfigurationException e) {
            throw e.within(step);
        }
    }

    private static void ofFields(Struct struct) {
        struct.forEach((field, value) -> {
            if (value instanceof List<?> list && field.listKind() != Field.ListKind.ATOMIC) {
                Set<Object> seen = new HashSet<>();
                for (Object item : list) {
                    if (!seen.add(field.listKind() == Field.ListKind.SET ? item : keys(field, item))) {
                        throw new InvalidConfigurationException("an element is there twice: remove one").within("." + field.name());
                    }
                }
            }
            within("." + field.name(), field.shape(), value);
        });
    }

    private static Object keys(Field list, Object item) {
        if (!(item instanceof Struct struct)) {
            return item;
        }
        List<@Nullable Object> keys = new ArrayList<>();
        list.listKeys().forEach(name -> {
            Field key = struct.structType().field(name);
            keys.add(key == null ? null : struct.get(key));
        });
        return keys;
    }
}
