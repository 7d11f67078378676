package io.j8s.model;

import java.math.BigDecimal;
import java.time.Duration;

/// Durations in the notation of upstream's configuration and metav1.Duration: `1h30m`, `15s`, `250ms`.
public final class Durations {

    private static final int LONGEST = 400;

    private Durations() {}

    /// @throws IllegalArgumentException when the text is none
    public static Duration parse(String text) {
        if (text.length() > LONGEST) {
            throw malformed(text.substring(0, LONGEST));
        }
        int place = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        if (text.substring(place).equals("0")) {
            return Duration.ZERO;
        }
        long nanos = 0;
        boolean any = false;
        while (place < text.length()) {
            int number = place;
            while (place < text.length() && (Character.isDigit(text.charAt(place)) || text.charAt(place) == '.')) {
                place++;
            }
            int unit = place;
            while (place < text.length() && !Character.isDigit(text.charAt(place)) && text.charAt(place) != '.') {
                place++;
            }
            nanos = sum(text, nanos, part(text, text.substring(number, unit), text.substring(unit, place)));
            any = true;
        }
        if (!any) {
            throw malformed(text);
        }
        return Duration.ofNanos(text.startsWith("-") ? -nanos : nanos);
    }

    private static long sum(String text, long one, long other) {
        try {
            return Math.addExact(one, other);
        } catch (ArithmeticException e) {
            throw malformed(text);
        }
    }

    /// Nanoseconds; parts of one are left out.
    private static long part(String text, String number, String unit) {
        long nanos = switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> throw malformed(text);
        };
        try {
            return number.indexOf('.') < 0 ? Math.multiplyExact(Long.parseLong(number), nanos) : new BigDecimal(number).multiply(BigDecimal.valueOf(nanos)).toBigInteger().longValueExact();
        } catch (NumberFormatException | ArithmeticException e) {
            throw malformed(text);
        }
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("\"" + text + "\" is no duration: must be numbers with units, such as 1h30m, 15s or 250ms");
    }

    /// `1h30m0s`, `1.5s`, `250ms`, `0s`
    public static String format(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        String sign = nanos < 0 ? "-" : "";
        long rest = Math.abs(nanos);
        if (rest < 1_000) {
            return sign + rest + "ns";
        }
        if (rest < 1_000_000) {
            return sign + decimal(rest, 3) + "µs";
        }
        if (rest < 1_000_000_000) {
            return sign + decimal(rest, 6) + "ms";
        }
        long hours = rest / 3_600_000_000_000L;
        long minutes = rest / 60_000_000_000L % 60;
        String seconds = decimal(rest % 60_000_000_000L, 9) + "s";
        return sign + (hours > 0 ? hours + "h" : "") + (hours > 0 || minutes > 0 ? minutes + "m" : "") + seconds;
    }

    private static String decimal(long nanos, int places) {
        BigDecimal number = BigDecimal.valueOf(nanos, places).stripTrailingZeros();
        return (number.scale() < 0 ? number.setScale(0) : number).toPlainString();
    }
}
