package io.j8s.model;

import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What unquoted words mean in YAML as upstream reads it.
final class YamlWords {

    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

    private YamlWords() {}

    static Object resolve(String text) {
        if (text.isEmpty()) {
            return JsonNull.NULL;
        }
        return switch (text) {
            case "~", "null", "Null", "NULL" -> JsonNull.NULL;
            case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON" -> true;
            case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF" -> false;
            default -> {
                Object number = "+-.0123456789".indexOf(text.charAt(0)) < 0 ? null : number(text);
                yield number == null ? text : number;
            }
        };
    }

    /// The number that the text is, or null.
    private static @Nullable Object number(String text) {
        String plain = text.replace("_", "");
        Object whole = whole(plain);
        if (whole != null) {
            return whole;
        }
        double fraction = DECIMAL.matcher(plain).matches() ? Double.parseDouble(plain) : Double.NaN;
        return Double.isFinite(fraction) ? (Object) fraction : null; // what is too large is a string, as for upstream
    }

    private static final int MOST_DIGITS = 310;

    private static @Nullable Object whole(String text) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String digits = signed ? text.substring(1) : text;
        int base = 10;
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            base = switch (digits.charAt(1)) {
                case 'x', 'X' -> 16;
                case 'b', 'B' -> 2;
                case 'o', 'O' -> 8;
                default -> 8;
            };
            digits = Character.isDigit(digits.charAt(1)) ? digits.substring(1) : digits.substring(2);
        }
        if (digits.isEmpty() || digits.length() > MOST_DIGITS || digits.startsWith("-") || digits.startsWith("+")) {
            return null;
        }
        try {
            BigInteger value = new BigInteger(digits, base);
            BigInteger number = text.startsWith("-") ? value.negate() : value;
            return number.bitLength() < 64 ? (Object) number.longValue() : number;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
