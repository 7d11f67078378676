package io.j8s.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes compact JSON the way upstream's encoder does: fields in declared order, maps sorted, `<`, `>` and `&` escaped.
final class JsonWriter {

    private static final byte[] HEX = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

    /// Whether an ASCII character stands for itself within a string.
    private static final boolean[] PLAIN = new boolean[128];

    static {
        for (int c = 0x20; c < 128; c++) {
            PLAIN[c] = c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
        }
    }

    private JsonWriter() {}

    static void struct(ByteOutput out, Struct struct) {
        Type type = struct.structType();
        if (type.preservesUnknown()) {
            open(out, struct, type);
            return;
        }
        out.put('{');
        boolean first = true;
        Field[] fields = type.fieldArray();
        FieldNames names = type.fieldNames();
        for (int index = type.nextWritten(struct, 0); index >= 0; index = type.nextWritten(struct, index + 1)) {
            if (!first) {
                out.put(',');
            }
            first = false;
            out.put(names.written(index));
            member(out, type, fields[index], struct.valueAt(index));
        }
        out.put('}');
    }

    /// An object with undeclared fields: all in the order of their names.
    private static void open(ByteOutput out, Struct struct, Type type) {
        Map<String, Object> members = new java.util.TreeMap<>(struct.unknown());
        struct.forEach((field, value) -> members.put(field.name(), new Declared(field, value)));
        out.put('{');
        boolean first = true;
        for (Map.Entry<String, Object> member : members.entrySet()) {
            key(out, member.getKey(), first);
            first = false;
            if (member.getValue() instanceof Declared declared) {
                member(out, type, declared.field, declared.value);
            } else {
                plain(out, member.getValue());
            }
        }
        out.put('}');
    }

    private record Declared(Field field, Object value) {}

    private static void key(ByteOutput out, String name, boolean first) {
        if (!first) {
            out.put(',');
        }
        string(out, name);
        out.put(':');
    }

    private static void member(ByteOutput out, Type type, Field field, @Nullable Object value) {
        if (value != null) {
            value(out, field.shape(), value);
        } else if (field.presence() == Field.Presence.NULLABLE) {
            out.put(NULL);
        } else {
            absent(out, field.shape(), type.isList() && field.name().equals("items"));
        }
    }

    /// What stands for a value that is always written and is not set.
    private static void absent(ByteOutput out, Shape shape, boolean items) {
        switch (shape) {
            case Shape.Message message -> struct(out, message.type().empty());
            case Shape.ListOf list -> {
                if (items) {
                    out.put('[');
                    out.put(']');
                } else {
                    out.put(NULL);
                }
            }
            case Shape.MapOf map -> out.put(NULL);
            case Shape.Scalar scalar -> {
                switch (scalar) {
                    case STRING -> out.putAscii("\"\"");
                    case BOOL -> out.put(FALSE);
                    case INT32, INT64, DOUBLE, INT_OR_STRING -> out.put('0');
                    case QUANTITY -> out.putAscii("\"0\"");
                    case DURATION -> out.putAscii("\"0s\"");
                    case BYTES, TIME, MICRO_TIME, JSON, RAW, FIELDS -> out.put(NULL);
                }
            }
        }
    }

    static void value(ByteOutput out, Shape shape, Object value) {
        switch (shape) {
            case Shape.Message message -> struct(out, (Struct) value);
            case Shape.ListOf list -> list(out, list.element(), (List<?>) value);
            case Shape.MapOf map -> map(out, map.value(), (Map<?, ?>) value);
            case Shape.Scalar scalar -> scalar(out, scalar, value);
        }
    }

    private static void list(ByteOutput out, Shape element, List<?> list) {
        out.put('[');
        for (int i = 0; i < list.size(); i++) {
            if (i > 0) {
                out.put(',');
            }
            value(out, element, list.get(i));
        }
        out.put(']');
    }

    private static void map(ByteOutput out, Shape element, Map<?, ?> map) {
        CompactMap<?> entries = CompactMap.sorted(map);
        out.put('{');
        for (int i = 0; i < entries.size(); i++) {
            key(out, entries.keyAt(i), i == 0);
            value(out, element, entries.valueAt(i));
        }
        out.put('}');
    }

    private static void scalar(ByteOutput out, Shape.Scalar scalar, Object value) {
        switch (scalar) {
            case STRING -> string(out, (String) value);
            case BOOL -> out.put((Boolean) value ? TRUE : FALSE);
            case INT32 -> out.putLong((Integer) value);
            case INT64 -> out.putLong((Long) value);
            case DOUBLE -> number(out, (Double) value);
            case BYTES -> {
                out.put('"');
                out.put(java.util.Base64.getEncoder().encode(((Bytes) value).array()));
                out.put('"');
            }
            case QUANTITY, DURATION, TIME, MICRO_TIME -> texts(out, scalar, value);
            case INT_OR_STRING -> {
                switch ((IntOrString) value) {
                    case IntOrString.Int number -> out.putLong(number.value());
                    case IntOrString.Text text -> string(out, text.value());
                }
            }
            case JSON -> plain(out, value);
            case RAW -> raw(out, (RawObject) value);
            case FIELDS -> out.put(((FieldSet) value).json());
        }
    }

    private static void texts(ByteOutput out, Shape.Scalar scalar, Object value) {
        if (scalar == Shape.Scalar.QUANTITY) {
            out.put('"');
            out.putAscii(value.toString());
        } else if (scalar == Shape.Scalar.DURATION) {
            string(out, Durations.format((Duration) value));
            return;
        } else {
            out.put('"');
            Times.write(out, (Instant) value, scalar == Shape.Scalar.MICRO_TIME);
        }
        out.put('"');
    }

    private static void raw(ByteOutput out, RawObject raw) {
        if (raw.isProtobuf()) {
            struct(out, raw.decoded());
        } else {
            out.put(raw.compactBytes());
        }
    }

    /// A plain Java value (see [Shape.Scalar#JSON]).
    static void plain(ByteOutput out, @Nullable Object value) {
        switch (value) {
            case null -> out.put(NULL);
            case JsonNull none -> out.put(NULL);
            case String text -> string(out, text);
            case Boolean flag -> out.put(flag ? TRUE : FALSE);
            case Integer number -> out.putLong(number);
            case Long number -> out.putLong(number);
            case Double number -> number(out, number);
            case BigInteger number -> out.putAscii(number.toString());
            case BigDecimal number -> number(out, number.doubleValue());
            case List<?> list -> plainList(out, list);
            case Map<?, ?> map -> plainMap(out, map);
            case Struct struct -> struct(out, struct);
            default -> throw new IllegalArgumentException("no JSON value: " + value + " of " + value.getClass().getName());
        }
    }

    private static void plainList(ByteOutput out, List<?> list) {
        out.put('[');
        boolean first = true;
        for (Object element : list) {
            if (!first) {
                out.put(',');
            }
            first = false;
            plain(out, element);
        }
        out.put(']');
    }

    private static void plainMap(ByteOutput out, Map<?, ?> map) {
        out.put('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            key(out, (String) entry.getKey(), first);
            first = false;
            plain(out, entry.getValue());
        }
        out.put('}');
    }

    /// The shortest decimal that reads back as the same number; an exponent only when very large or small, as upstream writes them.
    static void number(ByteOutput out, double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(value + " cannot be written as JSON");
        }
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-6 || size >= 1e21)) {
            BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
            int exponent = shortest.precision() - shortest.scale() - 1;
            String digits = shortest.unscaledValue().abs().toString();
            String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
            out.putAscii((value < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "" : "+") + exponent);
            return;
        }
        if (value == Math.rint(value) && size < 1e15) {
            if (value == 0 && 1 / value < 0) {
                out.put('-');
            }
            out.putLong((long) value);
            return;
        }
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        out.putAscii((shortest.scale() < 0 ? shortest.setScale(0) : shortest).toPlainString());
    }

    static void string(ByteOutput out, String text) {
        int count = text.length();
        out.ensure(count + 2);
        byte[] bytes = out.array();
        int place = out.length();
        bytes[place++] = '"';
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c >= 128 || !PLAIN[c]) {
                out.advance(i + 1);
                escaped(out, text, i);
                return;
            }
            bytes[place + i] = (byte) c;
        }
        bytes[place + count] = '"';
        out.advance(count + 2);
    }

    private static void escaped(ByteOutput out, String text, int start) {
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 128) {
                ascii(out, c);
            } else if (c < 0x800) {
                out.put(0xC0 | c >> 6);
                out.put(0x80 | c & 0x3F);
            } else if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
                surrogates(out, pair ? Character.toCodePoint(c, text.charAt(++i)) : 0xFFFD);
            } else if (c == 0x2028 || c == 0x2029) {
                unicode(out, c);
            } else {
                three(out, c);
            }
        }
        out.put('"');
    }

    private static void three(ByteOutput out, int c) {
        out.put(0xE0 | c >> 12);
        out.put(0x80 | c >> 6 & 0x3F);
        out.put(0x80 | c & 0x3F);
    }

    private static void surrogates(ByteOutput out, int point) {
        if (point == 0xFFFD) {
            three(out, point);
            return;
        }
        out.put(0xF0 | point >> 18);
        out.put(0x80 | point >> 12 & 0x3F);
        out.put(0x80 | point >> 6 & 0x3F);
        out.put(0x80 | point & 0x3F);
    }

    private static void ascii(ByteOutput out, char c) {
        if (PLAIN[c]) {
            out.put(c);
            return;
        }
        switch (c) {
            case '"', '\\' -> escape(out, c);
            case '\n' -> escape(out, 'n');
            case '\r' -> escape(out, 'r');
            case '\t' -> escape(out, 't');
            case '\b' -> escape(out, 'b');
            case '\f' -> escape(out, 'f');
            default -> unicode(out, c);
        }
    }

    private static void escape(ByteOutput out, char c) {
        out.put('\\');
        out.put(c);
    }

    private static void unicode(ByteOutput out, char c) {
        escape(out, 'u');
        out.put(HEX[c >> 12]);
        out.put(HEX[c >> 8 & 15]);
        out.put(HEX[c >> 4 & 15]);
        out.put(HEX[c & 15]);
    }
}
