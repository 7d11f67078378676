package io.j8s.apiserver.operation;

import io.j8s.model.Field;
import io.j8s.model.RawObject;
import io.j8s.model.Shape;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Embedded objects are kept as a client wrote them, spaces and all; a patch, which writes the whole object anew, leaves them without spaces. So an embedded object that
/// must not change (a ControllerRevision's) counts as changed by a patch if it was sent with spaces: upstream's way, and visible.
final class CompactRaw {

    /// Types that hold embedded objects at some depth.
    private static final Map<Type, Boolean> HOLDERS = new ConcurrentHashMap<>();

    private CompactRaw() {}

    static Struct of(Struct struct) {
        if (!holds(struct.structType())) {
            return struct;
        }
        Struct[] compact = {struct};
        struct.forEach((field, value) -> {
            Object now = compact(value);
            if (!now.equals(value)) {
                compact[0] = compact[0].with(field, now);
            }
        });
        return compact[0];
    }

    private static Object compact(Object value) {
        return switch (value) {
            case RawObject raw when !raw.isProtobuf() -> RawObject.wrap(raw.compactBytes());
            case Struct struct -> of(struct);
            case List<?> list when !list.isEmpty() && (list.getFirst() instanceof Struct || list.getFirst() instanceof RawObject) -> {
                List<Object> all = new ArrayList<>(list.size());
                list.forEach(item -> all.add(compact(item)));
                yield all;
            }
            default -> value;
        };
    }

    private static boolean holds(Type type) {
        Boolean known = HOLDERS.get(type);
        if (known == null) {
            known = search(type, new HashSet<>());
            HOLDERS.put(type, known);
        }
        return known;
    }

    /// @param seen the types that the search has been to: some hold themselves
    private static boolean search(Type type, Set<Type> seen) {
        return seen.add(type) && type.fields().stream().map(Field::shape).anyMatch(shape -> search(shape, seen));
    }

    private static boolean search(Shape shape, Set<Type> seen) {
        return switch (shape) {
            case Shape.Scalar scalar -> scalar == Shape.Scalar.RAW;
            case Shape.Message message -> search(message.type(), seen);
            case Shape.ListOf list -> search(list.element(), seen);
            case Shape.MapOf map -> false;
        };
    }
}
