package io.j8s.apiserver.encoding;

import io.j8s.model.Durations;
import org.jspecify.annotations.Nullable;

/// What is wrong with a time or duration, in the words of Go's `time` package.
final class GoTimes {

    private static final String LAYOUT = "2006-01-02T15:04:05Z07:00";
    private static final String MICRO_LAYOUT = "2006-01-02T15:04:05.000000Z07:00";
    private static final int MICRO_DIGITS = 7;

    private final String value;
    private final String layout;
    private int position;

    private GoTimes(String value, String layout) {
        this.value = value;
        this.layout = layout;
    }

    private static final class Found extends RuntimeException {
        private static final long serialVersionUID = 1;

        Found(String message) {
            super(message, null, false, false);
        }
    }

    /// Null: it is a time (RFC 3339), with exactly six digits of a second's fraction if those are asked for.
    static @Nullable String error(String value, boolean micro) {
        try {
            new GoTimes(value, micro ? MICRO_LAYOUT : LAYOUT).check(micro);
            return null;
        } catch (Found found) {
            return String.valueOf(found.getMessage());
        }
    }

    static @Nullable String durationError(String value) {
        try {
            Durations.parse(value);
            return null;
        } catch (IllegalArgumentException e) {
            boolean bare = !value.isEmpty() && value.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.');
            return "time: " + (bare ? "missing unit in duration " : "invalid duration ") + "\"" + value + "\"";
        }
    }

    private void check(boolean micro) {
        int year = number(4, "2006", 0, 9999, "year");
        literal("-");
        int month = number(2, "01", 1, 12, "month");
        literal("-");
        int day = number(2, "02", 0, 99, "day");
        literal("T");
        number(2, "15", 0, 23, "hour");
        literal(":");
        number(2, "04", 0, 59, "minute");
        literal(":");
        number(2, "05", 0, 59, "second");
        fraction(micro);
        zone();
        if (position < value.length()) {
            throw new Found(prefix() + ": extra text: \"" + value.substring(position) + "\"");
        }
        if (day < 1 || day > java.time.YearMonth.of(Math.max(1, year), month).lengthOfMonth()) {
            throw outOfRange("day");
        }
    }

    private int number(int digits, String element, int least, int most, String name) {
        for (int i = 0; i < digits; i++) {
            if (position + i >= value.length() || value.charAt(position + i) < '0' || value.charAt(position + i) > '9') {
                throw cannot(element);
            }
        }
        int number = Integer.parseInt(value.substring(position, position + digits));
        position += digits;
        if (number < least || number > most) {
            throw outOfRange(name);
        }
        return number;
    }

    private void literal(String text) {
        if (!value.startsWith(text, position)) {
            throw cannot(text);
        }
        position += text.length();
    }

    private void fraction(boolean micro) {
        boolean begun = position + 1 < value.length() && (value.charAt(position) == '.' || value.charAt(position) == ',') && Character.isDigit(value.charAt(position + 1));
        int end = position + 1;
        while (begun && end < value.length() && Character.isDigit(value.charAt(end))) {
            end++;
        }
        if (micro && (!begun || end - position < MICRO_DIGITS)) {
            throw cannot(".000000");
        }
        position = !begun ? position : micro ? position + MICRO_DIGITS : end;
    }

    private void zone() {
        if (value.startsWith("Z", position)) {
            position++;
            return;
        }
        boolean offset = value.substring(position).matches("(?s)[+-][0-9]{2}:[0-9]{2}.*");
        if (!offset) {
            throw cannot("Z07:00");
        }
        int hours = Integer.parseInt(value.substring(position + 1, position + 3));
        int minutes = Integer.parseInt(value.substring(position + 4, position + 6));
        if (hours > 24) {
            throw outOfRange("time zone offset hour");
        }
        if (minutes > 60) {
            throw outOfRange("time zone offset minute");
        }
        position += 6;
    }

    private String prefix() {
        return "parsing time \"" + value + "\"";
    }

    private Found cannot(String element) {
        return new Found(prefix() + " as \"" + layout + "\": cannot parse \"" + value.substring(position) + "\" as \"" + element + "\"");
    }

    private Found outOfRange(String name) {
        return new Found(prefix() + ": " + name + " out of range");
    }
}
