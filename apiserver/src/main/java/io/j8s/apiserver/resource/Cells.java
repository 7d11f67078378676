package io.j8s.apiserver.resource;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What many tables' cells have in common.
public final class Cells {

    private Cells() {}

    /// How long ago something was, in the short form of tables (`5m`, `3h12m`, `2d`); `<unknown>` when it is not known.
    public static String age(@Nullable Instant since, Instant now) {
        return since == null ? "<unknown>" : duration(Duration.between(since, now));
    }

    /// A moment as RFC 3339 text, null when it is not known.
    public static @Nullable String time(@Nullable Instant moment) {
        return moment == null ? null : moment.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
    }

    /// A span in the short form of tables: about two significant figures, as kubectl shows it.
    public static String duration(Duration span) {
        long seconds = span.toSeconds();
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds <= 0) {
            return "0s";
        }
        if (seconds < 120) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 10) {
            return withRest(minutes, "m", seconds % 60, "s");
        }
        if (minutes < 180) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        if (hours < 8) {
            return withRest(hours, "h", minutes % 60, "m");
        }
        if (hours < 48) {
            return hours + "h";
        }
        long days = hours / 24;
        if (hours < 192) {
            return withRest(days, "d", hours % 24, "h");
        }
        if (days < 730) {
            return days + "d";
        }
        long years = days / 365;
        return years < 8 ? withRest(years, "y", days % 365, "d") : years + "y";
    }

    private static String withRest(long whole, String unit, long rest, String smaller) {
        return rest == 0 ? whole + unit : whole + unit + rest + smaller;
    }
}
