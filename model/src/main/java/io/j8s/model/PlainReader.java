package io.j8s.model;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads plain Java (see [PlainJson]) into values of a type, by the rules of JSON.
final class PlainReader {

    private final @Nullable Consumer<String> findings;
    private final Deque<Object> path = new ArrayDeque<>();

    PlainReader(@Nullable Consumer<String> findings) {
        this.findings = findings;
    }

    private String path() {
        StringBuilder text = new StringBuilder();
        for (Iterator<Object> steps = path.descendingIterator(); steps.hasNext(); ) {
            Object step = steps.next();
            if (step instanceof Integer place) {
                text.append('[').append(place).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(step);
            }
        }
        return text.toString();
    }

    private DecodeException problem(String text) {
        return new DecodeException(path(), text);
    }

    private DecodeException wanted(String what, Object found) {
        return problem("wanted " + what + ", found " + switch (found) {
            case String text -> "a string";
            case Boolean flag -> "a boolean";
            case Number number -> "the number " + number;
            case List<?> list -> "a list";
            case Map<?, ?> map -> "an object";
            default -> found.toString();
        });
    }

    Struct struct(Type type, Map<String, ?> members) {
        Struct.Builder builder = new Struct.Builder(type);
        CompactMap.@Nullable Collector unknown = null;
        for (Map.Entry<String, ?> member : members.entrySet()) {
            Field field = type.field(member.getKey());
            Object plain = member.getValue();
            path.push(member.getKey());
            if (field != null) {
                if (!isNull(plain)) {
                    builder.set(field, value(field.shape(), plain));
                }
            } else if (type.preservesUnknown()) {
                unknown = unknown == null ? new CompactMap.Collector() : unknown;
                unknown.add(member.getKey(), plain == null ? JsonNull.NULL : Json.sorted(plain));
            } else if (findings != null) {
                findings.accept("unknown field \"" + path() + "\"");
            }
            path.pop();
        }
        if (unknown != null) {
            builder.unknown(unknown.sorted());
        }
        return builder.build();
    }

    private static boolean isNull(@Nullable Object plain) {
        return plain == null || plain == JsonNull.NULL;
    }

    Object value(Shape shape, Object plain) {
        return switch (shape) {
            case Shape.Message message -> struct(message.type(), members(plain));
            case Shape.ListOf list -> list(list.element(), plain);
            case Shape.MapOf map -> map(map.value(), plain);
            case Shape.Scalar scalar -> scalar(scalar, plain);
        };
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> members(Object plain) {
        if (plain instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw wanted("an object", plain);
    }

    private List<Object> list(Shape element, Object plain) {
        if (!(plain instanceof List<?> list)) {
            throw wanted("a list", plain);
        }
        Object[] values = new Object[list.size()];
        int place = 0;
        for (Object item : list) {
            path.push(place);
            values[place++] = item == null || item == JsonNull.NULL ? Zero.of(element) : value(element, item);
            path.pop();
        }
        return List.of(values);
    }

    private Map<String, Object> map(Shape element, Object plain) {
        CompactMap.Collector entries = new CompactMap.Collector();
        for (Map.Entry<String, Object> entry : members(plain).entrySet()) {
            Object item = entry.getValue();
            path.push(entry.getKey());
            entries.add(entry.getKey(), isNull(item) ? Zero.of(element) : value(element, item));
            path.pop();
        }
        return entries.sorted();
    }

    private Object scalar(Shape.Scalar scalar, Object plain) {
        return switch (scalar) {
            case STRING -> text(plain);
            case BOOL -> {
                if (!(plain instanceof Boolean)) {
                    throw wanted("true or false", plain);
                }
                yield plain;
            }
            case INT32 -> (int) whole(plain, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case INT64 -> whole(plain, Long.MIN_VALUE, Long.MAX_VALUE);
            case DOUBLE -> {
                if (!(plain instanceof Number number)) {
                    throw wanted("a number", plain);
                }
                yield number.doubleValue();
            }
            case BYTES, TIME, MICRO_TIME, DURATION -> parsed(scalar, text(plain));
            case QUANTITY -> parsed(scalar, plain instanceof Number ? plain.toString() : text(plain).strip());
            case INT_OR_STRING -> plain instanceof String text
                    ? IntOrString.of(text)
                    : IntOrString.of((int) whole(plain, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case JSON -> immutable(plain);
            case RAW -> RawObject.wrap(Json.writePlain(plain));
            case FIELDS -> FieldSet.ofJson(Json.writePlain(members(plain)));
        };
    }

    private static Object immutable(Object plain) {
        return switch (plain) {
            case Map<?, ?> map -> {
                CompactMap.Collector members = new CompactMap.Collector();
                map.forEach((key, value) -> members.add((String) key, value == null ? JsonNull.NULL : immutable(value)));
                yield members.inOrder();
            }
            case List<?> list -> list.stream().map(element -> element == null ? JsonNull.NULL : immutable(element)).toList();
            case Integer number -> number.longValue();
            default -> plain;
        };
    }

    private String text(Object plain) {
        if (plain instanceof String text) {
            return text;
        }
        throw wanted("a string", plain);
    }

    private long whole(Object plain, long least, long most) {
        if (plain instanceof Long || plain instanceof Integer) {
            long value = ((Number) plain).longValue();
            if (value >= least && value <= most) {
                return value;
            }
        }
        if (plain instanceof Long || plain instanceof Integer || plain instanceof BigInteger) {
            throw problem("wanted a whole number from " + least + " to " + most + ", found " + plain);
        }
        throw wanted("a whole number", plain);
    }

    private Object parsed(Shape.Scalar scalar, String text) {
        try {
            return Scalars.parse(scalar, text);
        } catch (IllegalArgumentException e) {
            throw problem(String.valueOf(e.getMessage()));
        }
    }
}
