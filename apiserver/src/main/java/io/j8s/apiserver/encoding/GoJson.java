package io.j8s.apiserver.encoding;

import io.j8s.model.Field;
import io.j8s.model.Json;
import io.j8s.model.Quantity;
import io.j8s.model.Shape;
import io.j8s.model.Type;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What of a JSON text does not fit a type, in the words of upstream's decoder: the first value of the wrong kind, but before it whatever a value of its own reading (a time, an amount)
/// refuses, wherever that stands. The text must be well formed ([GoSyntax]); it is read once more, and only when it was refused.
final class GoJson {

    private static final String QUANTITIES = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    private static final int MOST_SHOWN_DIGITS = 1000;

    private final byte[] text;
    private final List<String> path = new ArrayList<>();
    private String struct = "";
    private boolean within;
    private int position;
    private @Nullable String saved;

    private GoJson(byte[] text) {
        this.text = text;
    }

    /// A value that reads itself refused.
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    /// Null: nothing is wrong.
    static @Nullable String error(byte[] text, Type type) {
        GoJson json = new GoJson(text);
        try {
            json.value(new Shape.Message(() -> type), GoTypes.of(type));
            return json.saved;
        } catch (Refused refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    /// What is wrong with `apiVersion` and `kind`, which are looked at before anything else, whatever the type; null for nothing.
    static @Nullable String typeMetaError(byte[] text) {
        GoJson json = new GoJson(text);
        if (json.next() != '{') {
            json.mismatch(json.kind(), "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }");
            return json.next() == 'n' ? null : json.saved;
        }
        json.members(key -> {
            String name = key.toLowerCase(Locale.ROOT);
            if (name.equals("apiversion") || name.equals("kind")) {
                json.within = true;
                json.path.add(name.equals("kind") ? "kind" : "apiVersion");
                json.value(Shape.Scalar.STRING, "string");
                json.path.removeLast();
            } else {
                json.skip();
            }
        });
        return json.saved;
    }

    private interface Member {
        void read(String key);
    }

    /// Goes through an object, at whose brace it stands.
    private void members(Member member) {
        position++;
        while (next() != '}') {
            String key = string();
            next();
            position++; // the colon
            member.read(key);
            if (next() == ',') {
                position++;
            }
        }
        position++;
    }

    private void value(Shape shape, String goType) {
        int first = next();
        if (first == 'n') {
            skip();
            return;
        }
        switch (shape) {
            case Shape.Message(var type) -> {
                if (first == '{') {
                    struct(type.get());
                } else {
                    wrong(goType);
                }
            }
            case Shape.ListOf(Shape element) -> {
                if (first == '[') {
                    list(element, GoTypes.element(goType, element));
                } else {
                    wrong(goType);
                }
            }
            case Shape.MapOf(Shape element) -> {
                if (first == '{') {
                    String inner = GoTypes.element(goType, element);
                    members(key -> value(element, inner));
                } else {
                    wrong(goType);
                }
            }
            case Shape.Scalar scalar -> scalar(scalar, goType, first);
        }
    }

    private void struct(Type type) {
        String outer = struct;
        boolean outerWithin = within;
        int depth = path.size();
        members(key -> {
            Field field = type.field(key);
            if (field == null) {
                skip();
                return;
            }
            path.addAll(GoTypes.embedding(type, field));
            path.add(field.name());
            struct = GoTypes.struct(type);
            within = true;
            value(field.shape(), GoTypes.of(type, field));
            path.subList(depth, path.size()).clear();
            struct = outer;
            within = outerWithin;
        });
    }

    private void list(Shape element, String goType) {
        position++;
        while (next() != ']') {
            value(element, goType);
            if (next() == ',') {
                position++;
            }
        }
        position++;
    }

    private void scalar(Shape.Scalar scalar, String goType, int first) {
        switch (scalar) {
            case STRING -> fits(first == '"', goType);
            case BOOL -> fits(first == 't' || first == 'f', goType);
            case INT32 -> whole(goType, 31, first);
            case INT64 -> whole(goType, 63, first);
            case DOUBLE -> fits(first == '-' || Character.isDigit(first), goType);
            case BYTES -> bytes(goType, first);
            case TIME, MICRO_TIME, DURATION -> readsItself(scalar, first);
            case INT_OR_STRING -> {
                if (first == '"') {
                    skip();
                } else {
                    String before = saved;
                    saved = null;
                    whole("int32", 31, first);
                    String own = saved;
                    if (own != null) {
                        throw new Refused(own);
                    }
                    saved = before;
                }
            }
            case QUANTITY -> quantity(first);
            case JSON, RAW, FIELDS -> skip();
        }
    }

    private void fits(boolean right, String goType) {
        if (right) {
            skip();
        } else {
            wrong(goType);
        }
    }

    private void whole(String goType, int bits, int first) {
        if (first != '-' && !Character.isDigit(first)) {
            wrong(goType);
            return;
        }
        int from = position;
        skip();
        String digits = new String(text, from, position - from, StandardCharsets.US_ASCII);
        boolean fits = digits.length() <= 20 && digits.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9')) && new BigInteger(digits).bitLength() <= bits;
        if (!fits) {
            mismatch("number " + (digits.length() > MOST_SHOWN_DIGITS ? digits.substring(0, MOST_SHOWN_DIGITS) + "..." : digits), goType);
        }
    }

    private void bytes(String goType, int first) {
        if (first != '"') {
            wrong(goType);
            return;
        }
        int mistake = mistakeInBase64(string());
        if (mistake >= 0 && saved == null) {
            saved = "illegal base64 data at input byte " + mistake;
        }
    }

    /// The place that Go's decoder of base64 names; -1 for none.
    private static int mistakeInBase64(String base64) {
        int digits = 0;
        int length = base64.length();
        for (int i = 0; i < length; i++) {
            char c = base64.charAt(i);
            if (c == '\n' || c == '\r') {
                continue;
            }
            if (c == '=') {
                return mistakeInPadding(base64, i, digits % 4);
            }
            boolean digit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
            if (!digit) {
                return i;
            }
            digits++;
        }
        return digits % 4 == 0 ? -1 : length - digits % 4;
    }

    private static int mistakeInPadding(String base64, int at, int digits) {
        if (digits < 2) {
            return at;
        }
        String rest = base64.substring(at).replace("\n", "").replace("\r", "");
        if (digits == 2 && rest.length() < 2) {
            return base64.length();
        }
        if (digits == 2 && rest.charAt(1) != '=') {
            return at + 1;
        }
        int padding = digits == 2 ? 2 : 1;
        return rest.length() > padding ? at + padding : -1;
    }

    private void readsItself(Shape.Scalar scalar, int first) {
        if (first != '"') {
            throw new Refused(message(kind(), "string"));
        }
        String value = string();
        String problem = switch (scalar) {
            case TIME -> GoTimes.error(value, false);
            case MICRO_TIME -> GoTimes.error(value, true);
            default -> GoTimes.durationError(value);
        };
        if (problem != null) {
            throw new Refused(problem);
        }
    }

    private void quantity(int first) {
        int from = position;
        String value;
        if (first == '"') {
            value = string();
        } else {
            skip();
            value = new String(text, from, position - from, StandardCharsets.UTF_8);
        }
        try {
            Quantity.parse(value.strip());
        } catch (IllegalArgumentException e) {
            throw new Refused(QUANTITIES);
        }
    }

    /// Notes that the value here is of the wrong kind, and passes over it.
    private void wrong(String goType) {
        mismatch(kind(), goType);
        skip();
    }

    private void mismatch(String found, String goType) {
        if (saved == null) {
            saved = message(found, goType);
        }
    }

    private String message(String found, String goType) {
        String target = within ? "Go struct field " + struct + "." + String.join(".", path) : "Go value";
        return "json: cannot unmarshal " + found + " into " + target + " of type " + goType;
    }

    private String kind() {
        return switch (next()) {
            case '{' -> "object";
            case '[' -> "array";
            case '"' -> "string";
            case 't', 'f' -> "bool";
            case 'n' -> "null";
            default -> "number";
        };
    }

    // ---- the text

    private int next() {
        while (position < text.length && text[position] <= ' ' && text[position] >= 0) {
            position++;
        }
        return position < text.length ? text[position] & 0xFF : -1;
    }

    private String string() {
        int from = position;
        skip();
        Object value = Json.readPlain(Arrays.copyOfRange(text, from, position));
        return value instanceof String string ? string : "";
    }

    /// Passes over the value here.
    private void skip() {
        int depth = 0;
        do {
            switch (next()) {
                case '{', '[' -> {
                    depth++;
                    position++;
                }
                case '}', ']' -> {
                    depth--;
                    position++;
                }
                case '"' -> skipString();
                case ',', ':' -> position++;
                default -> skipWord();
            }
        } while (depth > 0);
    }

    private void skipString() {
        position++;
        while (text[position] != '"') {
            position += text[position] == '\\' ? 2 : 1;
        }
        position++;
    }

    private void skipWord() {
        while (position < text.length && ",:}] \n\r\t".indexOf(text[position]) < 0) {
            position++;
        }
    }
}
