package io.j8s.apiserver.cel;

import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// `'%s has %d'.format(['x', 3])`: the clauses `%s %d %f %e %b %o %x %X`, with a precision for `%f` and `%e`, and `%%`.
final class TextFormat {

    private static final int DEFAULT_PRECISION = 6;
    private static final int MOST_PRECISION = 1000;

    private TextFormat() {}

    static String format(String text, List<?> arguments) {
        StringBuilder out = new StringBuilder();
        int next = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            int at = i + 1;
            if (at < text.length() && text.charAt(at) == '%') {
                out.append('%');
                i = at;
                continue;
            }
            int precision = DEFAULT_PRECISION;
            if (at < text.length() && text.charAt(at) == '.') {
                int start = ++at;
                while (at < text.length() && Character.isDigit(text.charAt(at))) {
                    at++;
                }
                precision = at - start > 4 ? MOST_PRECISION + 1 : at == start ? 0 : Integer.parseInt(text.substring(start, at));
            }
            if (at >= text.length() || precision > MOST_PRECISION) {
                throw new IllegalArgumentException("could not parse formatting clause: unexpected end of string");
            }
            if (next >= arguments.size()) {
                throw new IllegalArgumentException("index " + next + " out of range");
            }
            out.append(clause(text.charAt(at), precision, arguments.get(next++)));
            i = at;
        }
        return out.toString();
    }

    private static String clause(char verb, int precision, Object value) {
        return switch (verb) {
            case 's' -> text(value);
            case 'd' -> value instanceof Long || value instanceof com.google.common.primitives.UnsignedLong ? value.toString() : number(value);
            case 'f' -> value instanceof Number number && finite(number)
                    ? new BigDecimal(number.doubleValue()).setScale(precision, RoundingMode.HALF_EVEN).toPlainString() : number(value);
            case 'e' -> value instanceof Number number && finite(number)
                    ? String.format(Locale.ROOT, "%." + precision + "e", number.doubleValue()) : number(value);
            case 'b' -> value instanceof Boolean flag ? (flag ? "1" : "0") : Long.toString(whole(value), 2);
            case 'o' -> Long.toString(whole(value), 8);
            case 'x' -> hex(value);
            case 'X' -> hex(value).toUpperCase(Locale.ROOT);
            default -> throw new IllegalArgumentException("could not parse formatting clause: unrecognized formatting clause \"" + verb + "\"");
        };
    }

    private static boolean finite(Number number) {
        return Double.isFinite(number.doubleValue());
    }

    private static String number(Object value) {
        if (value instanceof Double number && !finite(number)) {
            return number.isNaN() ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
        }
        throw new IllegalArgumentException("error during formatting: numeric clause can only be used on numbers, was given " + value);
    }

    private static long whole(Object value) {
        if (value instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("error during formatting: only integers can be formatted so, was given " + value);
    }

    private static String hex(Object value) {
        return switch (value) {
            case String text -> HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
            case CelByteString bytes -> HexFormat.of().formatHex(bytes.toByteArray());
            default -> Long.toString(whole(value), 16);
        };
    }

    private static String text(Object value) {
        return switch (value) {
            case String text -> text;
            case NullValue nothing -> "null";
            case Double number -> number == Math.rint(number) && Math.abs(number) < 1e15 ? Long.toString(number.longValue()) : number(number, value);
            case CelByteString bytes -> new String(bytes.toByteArray(), StandardCharsets.UTF_8);
            case Duration duration -> new BigDecimal(duration.toNanos()).movePointLeft(9).stripTrailingZeros().toPlainString() + "s";
            case Instant time -> time.toString();
            case List<?> list -> {
                StringBuilder out = new StringBuilder("[");
                list.forEach(element -> out.append(out.length() > 1 ? ", " : "").append(text(element)));
                yield out.append(']').toString();
            }
            case Map<?, ?> map -> {
                TreeMap<String, String> sorted = new TreeMap<>();
                map.forEach((key, element) -> sorted.put(text(key), text(element)));
                StringBuilder out = new StringBuilder("{");
                sorted.forEach((key, element) -> out.append(out.length() > 1 ? ", " : "").append(key).append(": ").append(element));
                yield out.append('}').toString();
            }
            default -> String.valueOf(value);
        };
    }

    private static String number(Double number, Object value) {
        return finite(number) ? new BigDecimal(number.toString()).toPlainString() : number(value);
    }
}
