package io.j8s.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.j8s.model.PathElement.KeyField;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The written forms of path elements and of the plain values within them, and the order of those values.
final class PathText {

    private static final JsonFactory FACTORY = new JsonFactory();

    /// Stands for JSON's null inside a key (legal to read, never written by us).
    private static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    private PathText() {}

    static Object normal(Object value) {
        return switch (value) {
            case Integer number -> (long) number;
            case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 -> (long) (double) number;
            default -> value;
        };
    }

    // ---- reading ----

    /// The element a FieldsV1 key stands for; null for a kind of element that a later version may have added (to be left out).
    static @Nullable PathElement parse(String text) throws IOException {
        if (text.length() < 2 || text.charAt(1) != ':') {
            throw new IOException("the path element \"" + text + "\" has no kind: write f:, k:, v: or i: first");
        }
        String rest = text.substring(2);
        return switch (text.charAt(0)) {
            case 'f' -> new PathElement.Name(rest);
            case 'v' -> new PathElement.Value(parseValue(rest));
            case 'i' -> new PathElement.Index(parseIndex(rest));
            case 'k' -> {
                if (!(parseValue(rest) instanceof Map<?, ?> map)) {
                    throw new IOException("the key \"" + text + "\" is no JSON object");
                }
                List<KeyField> fields = new ArrayList<>();
                map.forEach((name, value) -> fields.add(new KeyField((String) name, value)));
                yield new PathElement.Key(fields);
            }
            default -> null;
        };
    }

    private static int parseIndex(String text) throws IOException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IOException("the index \"" + text + "\" is no integer", e);
        }
    }

    private static Object parseValue(String json) throws IOException {
        try (JsonParser parser = FACTORY.createParser(json)) {
            parser.nextToken();
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw new IOException("unexpected text after the value in \"" + json + "\"");
            }
            return value;
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("a value is missing");
        }
        return switch (token) {
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> NULL;
            case VALUE_NUMBER_INT -> {
                BigInteger number = parser.getBigIntegerValue();
                yield number.bitLength() < 64 ? (Object) number.longValue() : number.doubleValue();
            }
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, value(parser));
                }
                yield map;
            }
            default -> throw new IOException("unexpected " + token);
        };
    }

    // ---- writing ----

    /// The element as a FieldsV1 key, not yet quoted.
    static String key(PathElement element) {
        return switch (element) {
            case PathElement.Name(String name) -> "f:" + name;
            case PathElement.Index(int index) -> "i:" + index;
            case PathElement.Value(Object value) -> "v:" + json(value);
            case PathElement.Key(List<KeyField> fields) -> {
                StringBuilder text = new StringBuilder("k:{");
                for (KeyField field : fields) {
                    if (text.length() > 3) {
                        text.append(',');
                    }
                    quote(field.name(), text, true);
                    text.append(':').append(json(field.value()));
                }
                yield text.append('}').toString();
            }
        };
    }

    private static String json(Object value) {
        return switch (value) {
            case String text -> quote(text, new StringBuilder(), true).toString();
            case Double number -> number(number);
            case Map<?, ?> map -> {
                StringBuilder text = new StringBuilder("{");
                map.forEach((name, item) -> {
                    quote((String) name, text.length() > 1 ? text.append(',') : text, true);
                    text.append(':').append(json(item));
                });
                yield text.append('}').toString();
            }
            case List<?> list -> list.stream().map(PathText::json).collect(Collectors.joining(",", "[", "]"));
            default -> value.toString();
        };
    }

    /// How a value reads within a path: strings quoted, everything else as JSON.
    static String readable(Object value) {
        return value instanceof String text ? quote(text, new StringBuilder(), false).toString() : json(value);
    }

    private static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "null";
        }
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-6 || size >= 1e21)) {
            return Double.toString(value).replace("E", "e").replace(".0e", "e");
        }
        return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }

    /// Appends the text as a JSON string; within keys and values the characters that HTML knows are escaped too, as upstream writes them.
    static StringBuilder quote(String text, StringBuilder out, boolean html) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || html && (c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029)) {
                        out.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"');
    }

    // ---- order ----

    static int compareKeys(List<KeyField> a, List<KeyField> b) {
        for (int i = 0; i < a.size() && i < b.size(); i++) {
            int names = a.get(i).name().compareTo(b.get(i).name());
            if (names != 0) {
                return names;
            }
            int values = compareValues(a.get(i).value(), b.get(i).value());
            if (values != 0) {
                return values;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    /// Numbers first (by size), then strings, booleans, lists, maps, null.
    static int compareValues(Object a, Object b) {
        if (a instanceof String x && b instanceof String y) {
            return x.compareTo(y);
        }
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        if (a instanceof Number x && b instanceof Number y) {
            return Double.compare(x.doubleValue(), y.doubleValue());
        }
        if (a instanceof Boolean x && b instanceof Boolean y) {
            return Boolean.compare(x, y);
        }
        int kinds = Integer.compare(rank(a), rank(b));
        return kinds != 0 ? kinds : json(a).compareTo(json(b));
    }

    private static int rank(Object value) {
        return switch (value) {
            case Number _ -> 0;
            case String _ -> 1;
            case Boolean _ -> 2;
            case List<?> _ -> 3;
            case Map<?, ?> _ -> 4;
            default -> 5;
        };
    }
}
