package io.j8s.apiserver.openapi;

import io.j8s.model.ByteOutput;
import io.j8s.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Writes plain JSON values as protobuf messages, by rules that are put together like a grammar. Knows nothing of OpenAPI.
final class Wire {

    private Wire() {}

    /// The content of a message that stands for a JSON value.
    @FunctionalInterface
    interface Content {
        void write(Object value, ByteOutput out);
    }

    /// A member of a JSON object and how it is written.
    record Member(String name, Content content) {}

    /// A message for JSON objects. Members that start with `x-` go, by name, to the field `extensions`; members that no rule names are left out.
    static Content object(int extensions, Member... members) {
        Map<String, Content> byName = new java.util.HashMap<>();
        for (Member member : members) {
            byName.put(member.name, member.content);
        }
        Content extension = named(extensions, Wire::yaml);
        return (value, out) -> {
            if (value instanceof Map<?, ?> map) {
                map.forEach((name, child) -> {
                    Content rule = byName.get(String.valueOf(name));
                    if (rule != null) {
                        rule.write(child, out);
                    } else if (String.valueOf(name).startsWith("x-")) {
                        extension.write(Map.of(String.valueOf(name), child), out);
                    }
                });
            }
        };
    }

    static Content string(int number) {
        return (value, out) -> text(number, String.valueOf(value), out);
    }

    static Content bool(int number) {
        return (value, out) -> {
            tag(number, 0, out);
            out.put(Boolean.TRUE.equals(value) ? 1 : 0);
        };
    }

    static Content integer(int number) {
        return (value, out) -> {
            if (value instanceof Number n) {
                tag(number, 0, out);
                varint(n.longValue(), out);
            }
        };
    }

    static Content number(int number) {
        return (value, out) -> {
            if (value instanceof Number n) {
                tag(number, 1, out);
                long bits = Double.doubleToLongBits(n.doubleValue());
                for (int i = 0; i < 8; i++) {
                    out.put((int) (bits >>> (8 * i)));
                }
            }
        };
    }

    /// One string for each element; a single string counts as one element.
    static Content strings(int number) {
        return (value, out) -> elements(value).forEach(element -> text(number, String.valueOf(element), out));
    }

    static Content message(int number, Content content) {
        return (value, out) -> nested(number, content, value, out);
    }

    /// The same, for rules that refer to each other in circles.
    static Content later(int number, Supplier<Content> content) {
        return (value, out) -> nested(number, content.get(), value, out);
    }

    /// One message for each element.
    static Content each(int number, Supplier<Content> content) {
        return (value, out) -> elements(value).forEach(element -> nested(number, content.get(), element, out));
    }

    /// One message for each member of an object, with its name in field 1 and its value in field 2.
    static Content named(int number, Content content) {
        return namedLater(number, () -> content);
    }

    static Content namedLater(int number, Supplier<Content> content) {
        return (value, out) -> {
            if (value instanceof Map<?, ?> map) {
                map.forEach((name, child) -> nested(number, (entry, into) -> {
                    text(1, String.valueOf(name), into);
                    nested(2, content.get(), entry, into);
                }, child, out));
            }
        };
    }

    /// gnostic's Any: the value as YAML, of which JSON is a part, in field 2.
    static void yaml(Object value, ByteOutput out) {
        text(2, new String(Json.writePlain(value), StandardCharsets.UTF_8), out);
    }

    private static List<?> elements(Object value) {
        return value instanceof List<?> list ? list : List.of(value);
    }

    private static void nested(int number, Content content, Object value, ByteOutput out) {
        ByteOutput inner = new ByteOutput();
        content.write(value, inner);
        tag(number, 2, out);
        varint(inner.length(), out);
        out.put(inner.array(), 0, inner.length());
    }

    private static void text(int number, String text, ByteOutput out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        tag(number, 2, out);
        varint(bytes.length, out);
        out.put(bytes);
    }

    private static void tag(int number, int type, ByteOutput out) {
        varint((long) number << 3 | type, out);
    }

    private static void varint(long value, ByteOutput out) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.put((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.put((int) rest);
    }
}
