package io.j8s.model.schema;

import io.j8s.model.Durations;
import io.j8s.model.Times;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// What texts of the formats `date-time`, `date` and `duration` say. All throw [IllegalArgumentException] for others.
public final class TextFormats {

    private TextFormats() {}

    /// Whether a text is of a format that schemas can ask for.
    public static boolean matches(String format, String text) {
        return Formats.matches(format, text);
    }

    public static Instant time(String text) {
        try {
            return Times.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no time", e);
        }
    }

    public static Instant date(String text) {
        try {
            return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no date", e);
        }
    }

    public static Duration duration(String text) {
        return Durations.parse(text);
    }
}
