package io.j8s.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/// The texts of points in time and of durations, as the API writes them.
public final class Times {

    private Times() {}

    /// RFC 3339, cut to whole seconds (metav1.Time).
    ///
    /// @throws IllegalArgumentException when the text is none
    public static Instant parse(String text) {
        Instant instant = rfc3339(text);
        return instant.getNano() == 0 ? instant : Instant.ofEpochSecond(instant.getEpochSecond());
    }

    /// RFC 3339 with exactly six digits of fraction (metav1.MicroTime).
    ///
    /// @throws IllegalArgumentException when the text is none
    public static Instant parseMicro(String text) {
        int digits = 0;
        while (text.length() > 20 + digits && Character.isDigit(text.charAt(20 + digits))) {
            digits++;
        }
        if (text.length() < 21 || text.charAt(19) != '.' || digits != 6) {
            throw new IllegalArgumentException("\"" + text + "\" is no time in microseconds: must look like 2006-01-02T15:04:05.000000Z");
        }
        return rfc3339(text);
    }

    private static Instant rfc3339(String text) {
        try {
            if (text.length() >= 20 && text.charAt(4) == '-' && text.charAt(7) == '-' && text.charAt(10) == 'T' && text.charAt(13) == ':'
                    && text.charAt(16) == ':') {
                int end = 19;
                int nanos = 0;
                if (text.charAt(19) == '.') {
                    end = 20;
                    int unit = 100_000_000;
                    while (end < text.length() && digit(text, end)) {
                        nanos += (text.charAt(end++) - '0') * unit;
                        unit /= 10;
                    }
                }
                if (end != 20) {
                    LocalDateTime local = LocalDateTime.of(
                            number(text, 0, 4), number(text, 5, 7), number(text, 8, 10), number(text, 11, 13), number(text, 14, 16),
                            number(text, 17, 19), nanos);
                    return Instant.ofEpochSecond(local.toEpochSecond(ZoneOffset.UTC) - offset(text, end), nanos);
                }
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no time: " + e.getMessage(), e);
        }
        throw noTime(text);
    }

    private static IllegalArgumentException noTime(String text) {
        return new IllegalArgumentException("\"" + text + "\" is no time: must look like 2006-01-02T15:04:05Z");
    }

    private static int offset(String text, int start) {
        if (text.length() == start + 1 && text.charAt(start) == 'Z') {
            return 0;
        }
        if (text.length() != start + 6 || text.charAt(start + 3) != ':' || (text.charAt(start) != '+' && text.charAt(start) != '-')) {
            throw noTime(text);
        }
        int hours = number(text, start + 1, start + 3);
        int minutes = number(text, start + 4, start + 6);
        if (hours > 23 || minutes > 59) {
            throw noTime(text);
        }
        int seconds = hours * 3600 + minutes * 60;
        return text.charAt(start) == '-' ? -seconds : seconds;
    }

    private static boolean digit(String text, int place) {
        return text.charAt(place) >= '0' && text.charAt(place) <= '9';
    }

    private static int number(String text, int start, int end) {
        int number = 0;
        for (int i = start; i < end; i++) {
            if (!digit(text, i)) {
                throw noTime(text);
            }
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }

    /// `2006-01-02T15:04:05Z`
    public static String format(Instant time) {
        ByteOutput out = new ByteOutput(32);
        write(out, time, false);
        return new String(out.array(), 0, out.length(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /// `2006-01-02T15:04:05.000000Z`
    public static String formatMicro(Instant time) {
        ByteOutput out = new ByteOutput(32);
        write(out, time, true);
        return new String(out.array(), 0, out.length(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    static void write(ByteOutput out, Instant time, boolean micro) {
        LocalDateTime local = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
        digits(out, local.getYear(), 4);
        out.put('-');
        digits(out, local.getMonthValue(), 2);
        out.put('-');
        digits(out, local.getDayOfMonth(), 2);
        out.put('T');
        digits(out, local.getHour(), 2);
        out.put(':');
        digits(out, local.getMinute(), 2);
        out.put(':');
        digits(out, local.getSecond(), 2);
        if (micro) {
            out.put('.');
            digits(out, local.getNano() / 1000, 6);
        }
        out.put('Z');
    }

    private static void digits(ByteOutput out, int number, int count) {
        out.ensure(count);
        int rest = number;
        byte[] bytes = out.array();
        for (int i = out.length() + count - 1; i >= out.length(); i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        out.advance(count);
    }
}
