package io.j8s.model;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes protobuf from the end to the start, so that the length of what is nested is known when it has to be written. The bytes equal upstream's: plain
/// fields always, pointers when set, fields by their numbers, maps by their keys.
final class ProtobufWriter {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;

    private byte[] bytes;
    private int start;

    ProtobufWriter(int capacity) {
        bytes = new byte[capacity];
        start = capacity;
    }

    byte[] toArray() {
        return Arrays.copyOfRange(bytes, start, bytes.length);
    }

    int length() {
        return bytes.length - start;
    }

    private void ensure(int count) {
        if (start >= count) {
            return;
        }
        int length = length();
        if ((long) length + count > Integer.MAX_VALUE - 64) {
            throw new IllegalStateException("an encoded value would exceed " + Integer.MAX_VALUE + " bytes");
        }
        byte[] larger = new byte[(int) Math.min(Integer.MAX_VALUE - 64, Math.max((long) bytes.length * 2, (long) length + count))];
        System.arraycopy(bytes, start, larger, larger.length - length, length);
        start = larger.length - length;
        bytes = larger;
    }

    void raw(byte[] source) {
        ensure(source.length);
        start -= source.length;
        System.arraycopy(source, 0, bytes, start, source.length);
    }

    private void varint(long value) {
        ensure(10);
        int size = 1;
        for (long rest = value >>> 7; rest != 0; rest >>>= 7) {
            size++;
        }
        start -= size;
        long rest = value;
        for (int i = start; i < start + size - 1; i++) {
            bytes[i] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[start + size - 1] = (byte) rest;
    }

    private void key(int number, int wire) {
        varint((long) number << 3 | wire);
    }

    /// Puts the length and the number before what was written since the length was `before`.
    private void close(int number, int before) {
        varint(length() - before);
        key(number, BYTES);
    }

    void number(int number, long value) {
        varint(value);
        key(number, VARINT);
    }

    void bytes(int number, byte[] value) {
        raw(value);
        varint(value.length);
        key(number, BYTES);
    }

    void string(int number, String text) {
        int before = length();
        int count = text.length();
        ensure(count);
        for (int i = count - 1; i >= 0; i--) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                start += count - 1 - i;
                raw(text.getBytes(StandardCharsets.UTF_8));
                close(number, before);
                return;
            }
            bytes[--start] = (byte) c;
        }
        close(number, before);
    }

    void struct(Struct struct) {
        entries(struct.structType().protobufLayout(), struct);
    }

    private void entries(ProtobufLayout layout, Struct struct) {
        ProtobufLayout.Entry[] entries = layout.ascending();
        for (int i = entries.length - 1; i >= 0; i--) {
            ProtobufLayout.Entry entry = entries[i];
            if (entry.wrapped() != null) {
                int before = length();
                entries(entry.wrapped(), struct);
                close(entry.number(), before);
            } else if (entry.field() != null) {
                Field field = entry.field();
                field(field, struct.valueAt(field.index()));
            }
        }
    }

    private void field(Field field, @Nullable Object value) {
        if (value != null) {
            value(field, field.number(), field.shape(), value);
        } else if (!field.presence().keepsZero()) {
            absent(field.number(), field.shape());
        }
    }

    /// What stands for a plain value that is not set.
    private void absent(int number, Shape shape) {
        switch (shape) {
            case Shape.Message message -> {
                int before = length();
                struct(message.type().empty());
                close(number, before);
            }
            case Shape.ListOf list -> {}
            case Shape.MapOf map -> {}
            case Shape.Scalar scalar -> {
                switch (scalar) {
                    case STRING, TIME, MICRO_TIME, RAW, FIELDS, JSON -> empty(number);
                    case BOOL, INT32, INT64 -> number(number, 0);
                    case DOUBLE -> doubleValue(number, 0);
                    case QUANTITY, INT_OR_STRING, DURATION -> scalar(number, scalar, Zero.of(scalar));
                    case BYTES -> {}
                }
            }
        }
    }

    private void empty(int number) {
        varint(0);
        key(number, BYTES);
    }

    private void value(Field field, int number, Shape shape, Object value) {
        switch (shape) {
            case Shape.Message message -> {
                int before = length();
                struct((Struct) value);
                close(number, before);
            }
            case Shape.ListOf list -> list(field, number, list, (List<?>) value);
            case Shape.MapOf map -> map(field, number, map.value(), CompactMap.sorted((Map<?, ?>) value));
            case Shape.Scalar scalar -> {
                if (field.wire() == Field.Wire.PLAIN) {
                    scalar(number, scalar, value);
                } else {
                    int before = length();
                    SchemaUnions.write(this, field.wire(), value);
                    close(number, before);
                }
            }
        }
    }

    private void list(Field field, int number, Shape.ListOf shape, List<?> list) {
        boolean wrapped = field.wire() == Field.Wire.ITEMS;
        int before = length();
        for (int i = list.size() - 1; i >= 0; i--) {
            value(field, wrapped ? 1 : number, shape.element(), list.get(i), wrapped);
        }
        if (wrapped) {
            close(number, before);
        }
    }

    private void value(Field field, int number, Shape shape, Object value, boolean wrapped) {
        if (wrapped && shape instanceof Shape.Scalar scalar) {
            scalar(number, scalar, value);
        } else {
            value(field, number, shape, value);
        }
    }

    private void map(Field field, int number, Shape shape, CompactMap<?> map) {
        for (int i = map.size() - 1; i >= 0; i--) {
            int before = length();
            value(field, 2, shape, map.valueAt(i));
            string(1, map.keyAt(i));
            close(number, before);
        }
    }

    void typeMeta(int number, String apiVersion, String kind) {
        int before = length();
        string(2, kind);
        string(1, apiVersion);
        close(number, before);
    }

    void message(int number, Struct struct) {
        int before = length();
        struct(struct);
        close(number, before);
    }

    private void doubleValue(int number, double value) {
        ensure(8);
        long bits = Double.doubleToLongBits(value);
        start -= 8;
        for (int i = 0; i < 8; i++) {
            bytes[start + i] = (byte) (bits >>> 8 * i);
        }
        key(number, FIXED64);
    }

    private void scalar(int number, Shape.Scalar scalar, Object value) {
        switch (scalar) {
            case STRING -> string(number, (String) value);
            case BOOL -> number(number, (Boolean) value ? 1 : 0);
            case INT32 -> number(number, (Integer) value);
            case INT64 -> number(number, (Long) value);
            case DOUBLE -> doubleValue(number, (Double) value);
            case BYTES -> bytes(number, ((Bytes) value).array());
            case QUANTITY, TIME, MICRO_TIME, INT_OR_STRING, DURATION, JSON, RAW, FIELDS -> {
                int before = length();
                wrapped(scalar, value);
                close(number, before);
            }
        }
    }

    /// The scalars that are messages.
    private void wrapped(Shape.Scalar scalar, Object value) {
        switch (scalar) {
            case QUANTITY -> string(1, value.toString());
            case TIME -> time((Instant) value, 0);
            case MICRO_TIME -> time((Instant) value, ((Instant) value).getNano() / 1000 * 1000);
            case DURATION -> number(1, ((Duration) value).toNanos());
            case INT_OR_STRING -> {
                IntOrString either = (IntOrString) value;
                boolean text = either instanceof IntOrString.Text;
                string(3, text ? either.toString() : "");
                number(2, text ? 0 : either.intValue());
                number(1, text ? 1 : 0);
            }
            case JSON -> bytes(1, Json.writePlain(value));
            case RAW -> bytes(1, ((RawObject) value).bytes());
            case FIELDS -> bytes(1, ((FieldSet) value).json());
            case STRING, BOOL, INT32, INT64, DOUBLE, BYTES -> throw new IllegalStateException(scalar + " is no message");
        }
    }

    private void time(Instant time, int nanos) {
        number(2, nanos);
        number(1, time.getEpochSecond());
    }
}
