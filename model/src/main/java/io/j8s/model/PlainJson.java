package io.j8s.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Turns values into plain Java (`Map`, `List`, `String`, `Long`, `Double`, `Boolean`, `BigInteger`, [JsonNull]) and back: what their JSON would be, without
/// writing it. For patches, expressions and whatever else works on JSON of any shape. The maps and lists made here are immutable.
public final class PlainJson {

    private PlainJson() {}

    /// The members that the value's JSON has, in the same order.
    public static Map<String, Object> of(Struct struct) {
        Type type = struct.structType();
        CompactMap.Collector members = new CompactMap.Collector();
        for (int index = type.nextWritten(struct, 0); index >= 0; index = type.nextWritten(struct, index + 1)) {
            Field field = type.fieldAt(index);
            Object value = struct.valueAt(index);
            members.add(field.name(), value == null ? absent(type, field) : of(field.shape(), value));
        }
        if (type.preservesUnknown()) {
            struct.unknown().forEach(members::add);
            return members.sorted();
        }
        return members.inOrder();
    }

    /// A value of this shape as plain Java.
    public static Object of(Shape shape, Object value) {
        return switch (shape) {
            case Shape.Message message -> of((Struct) value);
            case Shape.ListOf list -> list(list.element(), (List<?>) value);
            case Shape.MapOf map -> map(map.value(), (Map<?, ?>) value);
            case Shape.Scalar scalar -> scalar(scalar, value);
        };
    }

    private static List<Object> list(Shape element, List<?> list) {
        Object[] plain = new Object[list.size()];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = of(element, list.get(i));
        }
        return List.of(plain);
    }

    private static Map<String, Object> map(Shape element, Map<?, ?> map) {
        CompactMap.Collector members = new CompactMap.Collector();
        map.forEach((key, value) -> members.add((String) key, of(element, value)));
        return members.sorted();
    }

    private static Object scalar(Shape.Scalar scalar, Object value) {
        return switch (scalar) {
            case STRING, BOOL, INT64, DOUBLE, JSON -> value;
            case INT32 -> ((Integer) value).longValue();
            case BYTES -> ((Bytes) value).base64();
            case QUANTITY -> value.toString();
            case TIME -> Times.format((Instant) value);
            case MICRO_TIME -> Times.formatMicro((Instant) value);
            case DURATION -> Durations.format((Duration) value);
            case INT_OR_STRING -> switch ((IntOrString) value) {
                case IntOrString.Int number -> (long) number.value();
                case IntOrString.Text text -> text.value();
            };
            case RAW -> {
                RawObject raw = (RawObject) value;
                yield raw.isProtobuf() ? of(raw.decoded()) : Json.readPlain(raw.bytes());
            }
            case FIELDS -> Json.readPlain(((FieldSet) value).json());
        };
    }

    private static Object absent(Type type, Field field) {
        if (field.presence() == Field.Presence.NULLABLE) {
            return JsonNull.NULL;
        }
        return switch (field.shape()) {
            case Shape.Message message -> of(message.type().empty());
            case Shape.ListOf list -> type.isList() && field.name().equals("items") ? List.of() : JsonNull.NULL;
            case Shape.MapOf map -> JsonNull.NULL;
            case Shape.Scalar scalar -> switch (scalar) {
                case STRING, BOOL, INT32, INT64, DOUBLE, QUANTITY, DURATION, INT_OR_STRING -> scalar(scalar, Zero.of(scalar));
                case BYTES, TIME, MICRO_TIME, JSON, RAW, FIELDS -> JsonNull.NULL;
            };
        };
    }

    /// The value that these members describe; what the type does not declare is passed over.
    ///
    /// @throws DecodeException when a member has the wrong shape
    public static Struct struct(Type type, Map<String, ?> members) {
        return struct(type, members, null);
    }

    /// As above, telling of unknown fields in upstream's words.
    public static Struct struct(Type type, Map<String, ?> members, @Nullable Consumer<String> findings) {
        return new PlainReader(findings).struct(type, members);
    }

    /// The value of this shape that plain Java describes; `null` and [JsonNull] are not allowed here.
    ///
    /// @throws DecodeException when it has another shape
    public static Object value(Shape shape, Object plain) {
        return new PlainReader(null).value(shape, plain);
    }

    /// A copy in which maps and lists can be changed.
    public static Object mutable(Object plain) {
        return switch (plain) {
            case Map<?, ?> map -> {
                Map<String, Object> copy = java.util.LinkedHashMap.newLinkedHashMap(map.size());
                map.forEach((key, value) -> copy.put((String) key, mutable(value)));
                yield copy;
            }
            case List<?> list -> {
                List<Object> copy = new ArrayList<>(list.size());
                list.forEach(element -> copy.add(mutable(element)));
                yield copy;
            }
            default -> plain;
        };
    }
}
