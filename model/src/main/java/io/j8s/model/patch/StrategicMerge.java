package io.j8s.model.patch;

import io.j8s.model.Field;
import io.j8s.model.JsonNull;
import io.j8s.model.Shape;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Strategic merge patch over typed values: objects merge, lists merge by key or as sets where the type says so, and directives within the patch say more.
///
/// Directives: `$patch: replace | delete` in an object or an element of a list, `$retainKeys` in an object, and beside a list's name
/// `$deleteFromPrimitiveList/name` and `$setElementOrder/name`.
@SuppressWarnings("ReferenceEquality") // what does not change stays the very same
final class StrategicMerge {

    static final String PATCH = "$patch";
    static final String RETAIN_KEYS = "$retainKeys";
    static final String DELETE_FROM_LIST = "$deleteFromPrimitiveList/";
    static final String ELEMENT_ORDER = "$setElementOrder/";

    private final PlainReader reader;
    private final StrategicLists lists;

    StrategicMerge(PlainReader reader) {
        this.reader = reader;
        this.lists = new StrategicLists(this, reader);
    }

    Struct message(Type type, Struct live, Map<?, ?> patch, Place place) {
        String directive = directive(patch);
        if (directive != null) {
            return directed(type, directive, patch, place);
        }
        Struct base = patch.containsKey(RETAIN_KEYS) ? retained(live, patch, place) : live;
        Struct.Builder out = null;
        for (String name : names(patch, place)) {
            Field field = type.field(name);
            Object value = patch.get(name);
            if (field == null) {
                if (patch.containsKey(ELEMENT_ORDER + name)) {
                    throw malformed(place.field(ELEMENT_ORDER + name), "is for a list that there is");
                }
                if (value != null && value != JsonNull.NULL) {
                    reader.unknown(place.field(name));
                }
                continue;
            }
            Object before = base.get(field);
            Object after = field(field, before, patch, place.field(name));
            if (after != before) {
                out = out == null ? base.toBuilder() : out;
                out.set(field, after);
            }
        }
        return out == null ? base : out.build();
    }

    /// What an object says in `$patch`; null when nothing.
    static @Nullable String directive(Map<?, ?> patch) {
        Object value = patch.get(PATCH);
        return value == null ? null : value.toString();
    }

    private Struct directed(Type type, String directive, Map<?, ?> patch, Place place) {
        return switch (directive) {
            case "replace" -> reader.message(type, undirected(patch), place);
            case "delete" -> type.empty();
            default -> throw malformed(place.field(PATCH), "must be replace or delete");
        };
    }

    /// The names that the patch says something about, whether by value or by a directive beside it.
    private static Set<String> names(Map<?, ?> patch, Place place) {
        Set<String> names = new LinkedHashSet<>();
        for (Object key : patch.keySet()) {
            String name = (String) key;
            if (name.startsWith(DELETE_FROM_LIST)) {
                names.add(name.substring(DELETE_FROM_LIST.length()));
            } else if (name.startsWith(ELEMENT_ORDER)) {
                names.add(name.substring(ELEMENT_ORDER.length()));
            } else if (name.equals("$setElementOrder") || name.equals("$deleteFromPrimitiveList")) {
                throw malformed(place.field(name), "must be followed by / and the list's name");
            } else if (!name.equals(RETAIN_KEYS)) {
                names.add(name);
            }
        }
        return names;
    }

    private @Nullable Object field(Field field, @Nullable Object live, Map<?, ?> patch, Place place) {
        Object value = patch.get(field.name());
        Object deletions = patch.get(DELETE_FROM_LIST + field.name());
        Object order = patch.get(ELEMENT_ORDER + field.name());
        if (deletions == null && order == null) {
            return value == null ? live : merged(field, live, value, place);
        }
        Object after = live;
        if (order != null) {
            after = lists.ordered(field, live, value, order, place);
        } else if (value != null) {
            after = merged(field, live, value, place);
        }
        return deletions == null ? after : lists.without(after, deletions, place);
    }

    private @Nullable Object merged(Field field, @Nullable Object live, Object value, Place place) {
        if (value == JsonNull.NULL) {
            return null;
        }
        if (live == null && field.presence() != Field.Presence.ALWAYS || !sameKind(field.shape(), value)) {
            return isDirective(value) ? null : reader.field(field, clean(value), place);
        }
        Object after = switch (field.shape()) {
            case Shape.Message _ when field.patchStrategy() == Field.PatchStrategy.WHOLE -> reader.field(field, value, place);
            case Shape.Message(var supplier) -> message(supplier.get(), live instanceof Struct struct ? struct : supplier.get().empty(), (Map<?, ?>) value, place);
            case Shape.MapOf(Shape element) -> map(element, live instanceof Map<?, ?> map ? map : Map.of(), (Map<?, ?>) value, place);
            case Shape.ListOf _ when merges(field) && live instanceof List<?> list -> lists.merged(field, list, (List<?>) value, place);
            // A list that does not merge is taken as the patch has it: directives within are nothing but unknown fields.
            case Shape.ListOf _ when live != null -> reader.field(field, value, place);
            case Shape.ListOf _, Shape.Scalar _ -> reader.field(field, clean(value), place);
        };
        return after != null && after.equals(live) ? live : after;
    }

    static boolean merges(Field field) {
        return field.patchStrategy() == Field.PatchStrategy.MERGE || field.patchStrategy() == Field.PatchStrategy.MERGE_RETAIN_KEYS;
    }

    private static boolean sameKind(Shape shape, Object value) {
        return switch (shape) {
            case Shape.Message _, Shape.MapOf _ -> value instanceof Map<?, ?>;
            case Shape.ListOf _ -> value instanceof List<?>;
            case Shape.Scalar _ -> true;
        };
    }

    private Map<Object, Object> map(Shape shape, Map<?, ?> live, Map<?, ?> patch, Place place) {
        String directive = directive(patch);
        if (directive != null) {
            if (!directive.equals("replace") && !directive.equals("delete")) {
                throw malformed(place.field(PATCH), "must be replace or delete");
            }
            return directive.equals("delete") ? Map.of() : read(shape, undirected(patch), place);
        }
        Map<Object, Object> out = new LinkedHashMap<>(live);
        if (patch.containsKey(RETAIN_KEYS)) {
            out.keySet().retainAll(retainedKeys(patch, place));
        }
        patch.forEach((key, value) -> {
            if (value == JsonNull.NULL || isDirective(value) && !live.containsKey(key)) {
                out.remove(key);
            } else if (!isDirectiveName((String) key)) {
                out.put(key, entry(shape, out.get(key), value, place.field((String) key)));
            }
        });
        return out;
    }

    private Object entry(Shape shape, @Nullable Object live, Object value, Place place) {
        return shape instanceof Shape.Message(var supplier) && live instanceof Struct struct && value instanceof Map<?, ?> map
                ? message(supplier.get(), struct, map, place)
                : reader.value(shape, clean(value), place);
    }

    private Map<Object, Object> read(Shape shape, Map<?, ?> plain, Place place) {
        Map<Object, Object> out = new LinkedHashMap<>();
        plain.forEach((key, value) -> out.put(key, reader.value(shape, value, place.field((String) key))));
        return out;
    }

    private static Struct retained(Struct live, Map<?, ?> patch, Place place) {
        Set<Object> keys = retainedKeys(patch, place);
        Struct.Builder out = live.toBuilder();
        live.forEach((field, value) -> {
            if (!keys.contains(field.name())) {
                out.set(field, null);
            }
        });
        return out.build();
    }

    private static Set<Object> retainedKeys(Map<?, ?> patch, Place place) {
        if (!(patch.get(RETAIN_KEYS) instanceof List<?> list)) {
            throw malformed(place.field(RETAIN_KEYS), "must be a list of the fields to keep");
        }
        Set<Object> keys = new HashSet<>(list);
        patch.forEach((key, value) -> {
            if (value != JsonNull.NULL && !((String) key).startsWith("$") && !keys.contains(key)) {
                throw malformed(place.field(RETAIN_KEYS), "must name \"" + key + "\" too, which the patch sets");
            }
        });
        return keys;
    }

    private static boolean isDirective(Object value) {
        return value instanceof Map<?, ?> map && map.containsKey(PATCH);
    }

    static PatchException malformed(Place place, String text) {
        return new PatchException(PatchException.Kind.MALFORMED, "strategic merge patch: " + place + ": " + text);
    }

    /// A value of the patch as it is set where there was none: without nulls, and without objects that say something in `$patch`. Other directives are not taken out:
    /// there they are nothing but unknown fields.
    static Object clean(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<Object, Object> left = new LinkedHashMap<>();
                map.forEach((key, inner) -> {
                    if (inner != JsonNull.NULL && !isDirective(inner)) {
                        left.put(key, clean(inner));
                    }
                });
                yield left;
            }
            case List<?> list -> {
                List<Object> left = new ArrayList<>(list.size());
                list.stream().filter(item -> !isDirective(item)).forEach(item -> left.add(clean(item)));
                yield left;
            }
            default -> value;
        };
    }

    /// A patch without its own `$patch`, and otherwise as it is.
    private static Map<?, ?> undirected(Map<?, ?> patch) {
        Map<Object, Object> left = new LinkedHashMap<>(patch);
        left.remove(PATCH);
        return left;
    }

    private static boolean isDirectiveName(String name) {
        return name.equals(PATCH) || name.equals(RETAIN_KEYS) || name.startsWith(DELETE_FROM_LIST) || name.startsWith(ELEMENT_ORDER);
    }
}
