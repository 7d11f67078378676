package io.j8s.model;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads protobuf into values of a type. Numbers that the type does not know are passed over, as upstream does. Not for sharing between threads.
final class ProtobufReader {

    /// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z
    private static final long FIRST_SECOND = -62_135_596_800L;

    private static final long LAST_SECOND = 253_402_300_799L;

    private final byte[] bytes;
    private final Interner interner;
    private final StructStack stack = new StructStack();
    private int position;
    private int end;
    private int number;
    private int wire;
    private int depth;
    private boolean looksIntoRaw;

    ProtobufReader(byte[] bytes, int offset, int length, Interner interner) {
        this.bytes = bytes;
        this.position = offset;
        this.end = offset + length;
        this.interner = interner;
    }

    /// Embedded JSON is to be looked at, too, and not only taken along.
    ProtobufReader looksIntoRaw() {
        looksIntoRaw = true;
        return this;
    }

    private DecodeException malformed(String what) {
        return new DecodeException("", "malformed protobuf: " + what + " at byte " + position);
    }

    /// Goes to the next field of the message; false at its end.
    boolean next() {
        if (position >= end) {
            return false;
        }
        long key = takeVarint();
        number = (int) (key >>> 3);
        wire = (int) key & 7;
        if (number <= 0) {
            throw malformed("field number " + number);
        }
        return true;
    }

    int number() {
        return number;
    }

    private long takeVarint() {
        if (position < end && bytes[position] >= 0) {
            return bytes[position++];
        }
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position >= end) {
                throw new DecodeException("", "unexpected EOF");
            }
            byte b = bytes[position++];
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw malformed("a number of more than ten bytes");
    }

    private void want(int wanted) {
        if (wire != wanted) {
            throw malformed("field " + number + " has wire type " + wire + ", wanted " + wanted);
        }
    }

    long varint() {
        want(0);
        return takeVarint();
    }

    private int takeLength() {
        want(2);
        long length = takeVarint();
        if (length < 0 || length > end - position) {
            throw malformed("field " + number + " with a length of " + length + " reaches beyond the end");
        }
        return (int) length;
    }

    byte[] bytes() {
        int length = takeLength();
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    String string() {
        int length = takeLength();
        int from = position;
        position += length;
        for (int i = from; i < position; i++) {
            if (bytes[i] < 0) {
                return new String(bytes, from, length, StandardCharsets.UTF_8);
            }
        }
        return interner.intern(bytes, from, position);
    }

    private double doubleValue() {
        want(1);
        if (end - position < 8) {
            throw malformed("a number is cut off");
        }
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | bytes[position + i] & 0xFF;
        }
        position += 8;
        return Double.longBitsToDouble(value);
    }

    void skip() {
        switch (wire) {
            case 0 -> takeVarint();
            case 1 -> position += 8;
            case 2 -> {
                int length = takeLength();
                position += length;
            }
            case 5 -> position += 4;
            default -> throw malformed("field " + number + " has the unsupported wire type " + wire);
        }
        if (position > end) {
            throw malformed("a field is cut off");
        }
    }

    /// Confines reading to the message in the current field until [#leave] is called with the result.
    private int enter() {
        int length = takeLength();
        int outer = end;
        if (++depth > JsonReader.DEEPEST) {
            throw malformed("messages nested deeper than " + JsonReader.DEEPEST);
        }
        end = position + length;
        return outer;
    }

    private void leave(int outer) {
        end = outer;
        depth--;
    }

    /// A reader of the message in the current field, which is taken.
    ProtobufReader nested() {
        int length = takeLength();
        position += length;
        return new ProtobufReader(bytes, position - length, length, interner);
    }

    Struct message(Type type) {
        int outer = enter();
        Struct struct = struct(type);
        leave(outer);
        return struct;
    }

    /// Reads the rest as one message.
    Struct struct(Type type) {
        int base = stack.open(type.fieldArray().length);
        entries(type.protobufLayout(), base);
        return stack.close(type, base, null);
    }

    private void entries(ProtobufLayout layout, int base) {
        while (next()) {
            ProtobufLayout.Entry entry = layout.entry(number);
            if (entry == null) {
                skip();
            } else if (entry.wrapped() != null) {
                int outer = enter();
                entries(entry.wrapped(), base);
                leave(outer);
            } else if (entry.field() != null) {
                field(entry.field(), base);
            }
        }
    }

    private void field(Field field, int base) {
        switch (field.shape()) {
            case Shape.ListOf list when field.wire() == Field.Wire.ITEMS -> stack.set(base + field.index(), items(list.element()));
            case Shape.ListOf list -> list(field, list.element(), base);
            case Shape.MapOf map -> entry(field, map.value(), base);
            case Shape.Message message -> stack.set(base + field.index(), message(message.type()));
            case Shape.Scalar scalar -> {
                Object value = scalar(field.wire(), scalar);
                if (value != null) {
                    stack.set(base + field.index(), value);
                }
            }
        }
    }

    /// The list that grows at this place.
    @SuppressWarnings("unchecked")
    private List<Object> elements(int place) {
        if (stack.at(place) instanceof ArrayList<?> list) {
            return (List<Object>) list;
        }
        List<Object> list = new ArrayList<>(4);
        stack.set(place, list);
        return list;
    }

    /// The map that grows at this place.
    private CompactMap.Collector entries(int place) {
        if (stack.at(place) instanceof CompactMap.Collector map) {
            return map;
        }
        CompactMap.Collector map = new CompactMap.Collector();
        stack.set(place, map);
        return map;
    }

    private void list(Field field, Shape element, int base) {
        if (wire == 2 && (element == Shape.Scalar.INT32 || element == Shape.Scalar.INT64)) {
            int outer = enter();
            while (position < end) {
                long value = takeVarint();
                elements(base + field.index()).add(element == Shape.Scalar.INT32 ? (Object) (int) value : (Object) value);
            }
            leave(outer);
            return;
        }
        elements(base + field.index()).add(element(field.wire(), element));
    }

    private Object element(Field.Wire how, Shape shape) {
        if (shape instanceof Shape.Message message) {
            return message(message.type());
        }
        if (shape instanceof Shape.ListOf list && how == Field.Wire.ITEMS) {
            return items(list.element());
        }
        if (shape instanceof Shape.Scalar scalar) {
            Object value = scalar(how, scalar);
            return value == null ? Zero.of(scalar) : value;
        }
        throw new IllegalStateException("lists of lists and maps have no protobuf");
    }

    private List<Object> items(Shape element) {
        int outer = enter();
        List<Object> items = new ArrayList<>();
        while (next()) {
            if (number == 1) {
                items.add(element(Field.Wire.PLAIN, element));
            } else {
                skip();
            }
        }
        leave(outer);
        return List.copyOf(items);
    }

    private void entry(Field field, Shape shape, int base) {
        int outer = enter();
        String key = "";
        Object value = null;
        while (next()) {
            switch (number) {
                case 1 -> key = string();
                case 2 -> value = element(field.wire(), shape);
                default -> skip();
            }
        }
        leave(outer);
        entries(base + field.index()).add(key, value == null ? Zero.of(shape) : value);
    }

    private @Nullable Object scalar(Field.Wire how, Shape.Scalar scalar) {
        return switch (scalar) {
            case STRING -> string();
            case BOOL -> varint() != 0;
            case INT32 -> (int) varint();
            case INT64 -> varint();
            case DOUBLE -> doubleValue();
            case BYTES -> Bytes.wrap(bytes());
            case QUANTITY, TIME, MICRO_TIME, INT_OR_STRING, DURATION, JSON, RAW, FIELDS -> {
                int outer = enter();
                Object value = how == Field.Wire.PLAIN || how == Field.Wire.ITEMS ? wrapped(scalar) : SchemaUnions.read(this, how);
                leave(outer);
                yield value;
            }
        };
    }

    /// A scalar that is a message; null when it says nothing.
    private @Nullable Object wrapped(Shape.Scalar scalar) {
        long first = 0;
        long second = 0;
        byte[] raw = null;
        String text = "";
        boolean any = false;
        while (next()) {
            any = true;
            switch (scalar) {
                case INT_OR_STRING -> {
                    switch (number) {
                        case 1 -> first = varint();
                        case 2 -> second = varint();
                        case 3 -> text = string();
                        default -> skip();
                    }
                }
                case TIME, MICRO_TIME, DURATION -> {
                    switch (number) {
                        case 1 -> first = varint();
                        case 2 -> second = varint();
                        default -> skip();
                    }
                }
                case QUANTITY -> text = number == 1 ? string() : skipped(text);
                default -> {
                    if (number == 1) {
                        raw = bytes();
                    } else {
                        skip();
                    }
                }
            }
        }
        return any ? made(scalar, first, second, text, raw) : scalar == Shape.Scalar.INT_OR_STRING ? IntOrString.of(0) : null;
    }

    private String skipped(String text) {
        skip();
        return text;
    }

    private @Nullable Object made(Shape.Scalar scalar, long first, long second, String text, byte @Nullable [] raw) {
        return switch (scalar) {
            case QUANTITY -> quantity(text);
            case TIME -> time(first, 0);
            case MICRO_TIME -> time(first, second / 1000 * 1000);
            case DURATION -> Duration.ofNanos(first);
            case INT_OR_STRING -> first == 1 ? IntOrString.of(text) : IntOrString.of((int) second);
            case JSON -> raw == null ? null : Json.readPlain(raw);
            case RAW -> raw == null ? null : embedded(raw);
            case FIELDS -> raw == null ? null : interner.fieldSet(raw);
            case STRING, BOOL, INT32, INT64, DOUBLE, BYTES -> throw new IllegalStateException(scalar + " is no message");
        };
    }

    private RawObject embedded(byte[] raw) {
        RawObject object = RawObject.wrap(raw);
        if (looksIntoRaw && !object.isProtobuf()) {
            object.requireJson();
        }
        return object;
    }

    private Instant time(long seconds, long nanos) {
        if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos >= 1_000_000_000) {
            throw malformed("a time outside of the years 1 to 9999");
        }
        return Instant.ofEpochSecond(seconds, nanos);
    }

    private Quantity quantity(String text) {
        try {
            return text.isEmpty() ? Quantity.ZERO : interner.quantity(text);
        } catch (IllegalArgumentException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
    }
}
