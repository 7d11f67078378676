package io.j8s.controllers.cronjob;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The times that a cron expression names: five fields (minute, hour, day of month, month, day of week) with lists, ranges, steps and names, `@hourly` and its like, or `@every 1h30m`;
/// a prefix `TZ=` or `CRON_TZ=` names a time zone. Where both days are restricted, either matches.
final class Schedule {
    private static final List<String> MONTHS = List.of("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
    private static final Map<String, String> NAMED = Map.of(
            "@yearly", "0 0 1 1 *", "@annually", "0 0 1 1 *", "@monthly", "0 0 1 * *", "@weekly", "0 0 * * 0", "@daily", "0 0 * * *", "@midnight", "0 0 * * *", "@hourly", "0 * * * *");
    private static final int YEARS_AHEAD = 5;

    private final ZoneId zone;
    private final @Nullable Duration every;
    private final long minutes;
    private final long hours;
    private final long daysOfMonth;
    private final long months;
    private final long daysOfWeek;
    private final boolean anyDayOfMonth;
    private final boolean anyDayOfWeek;

    private Schedule(ZoneId zone, @Nullable Duration every, String[] fields) {
        this.zone = zone;
        this.every = every;
        this.minutes = every != null ? 0 : bits(fields[0], 0, 59, List.of());
        this.hours = every != null ? 0 : bits(fields[1], 0, 23, List.of());
        this.daysOfMonth = every != null ? 0 : bits(fields[2], 1, 31, List.of());
        this.months = every != null ? 0 : bits(fields[3], 1, 12, MONTHS);
        this.daysOfWeek = every != null ? 0 : bits(fields[4], 0, 6, DAYS);
        this.anyDayOfMonth = every != null || any(fields[2]);
        this.anyDayOfWeek = every != null || any(fields[4]);
    }

    /// @param zone where the expression names none
    /// @throws IllegalArgumentException when it is no such expression
    static Schedule parse(String text, ZoneId zone) {
        String rest = text.strip();
        ZoneId at = zone;
        if (rest.startsWith("TZ=") || rest.startsWith("CRON_TZ=")) {
            int space = rest.indexOf(' ');
            at = zone(rest.substring(rest.indexOf('=') + 1, space < 0 ? rest.length() : space));
            rest = space < 0 ? "" : rest.substring(space + 1).strip();
        }
        if (rest.startsWith("@every ")) {
            return new Schedule(at, duration(rest.substring(7).strip()), new String[0]);
        }
        if (rest.startsWith("@")) {
            String named = NAMED.get(rest.toLowerCase(Locale.ROOT));
            if (named == null) {
                throw new IllegalArgumentException("unknown schedule \"" + rest + "\": use five fields, @every or one of " + NAMED.keySet().stream().sorted().toList());
            }
            rest = named;
        }
        String[] fields = rest.split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException("expected exactly 5 fields, found " + (rest.isEmpty() ? 0 : fields.length) + ": \"" + text + "\"");
        }
        return new Schedule(at, null, fields);
    }

    static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("unknown time zone \"" + name + "\"", e);
        }
    }

    private static Duration duration(String text) {
        try {
            Duration span = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
            return span.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : span.truncatedTo(ChronoUnit.SECONDS);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no duration such as 1h30m", e);
        }
    }

    private static boolean any(String field) {
        return field.startsWith("*") || field.startsWith("?");
    }

    private static long bits(String field, int low, int high, List<String> names) {
        long bits = 0;
        for (String part : field.split(",")) {
            int slash = part.indexOf('/');
            String range = slash < 0 ? part : part.substring(0, slash);
            int step = slash < 0 ? 1 : number(part.substring(slash + 1), List.of());
            int from = low;
            int to = high;
            if (!range.equals("*") && !range.equals("?")) {
                int dash = range.indexOf('-');
                from = number(dash < 0 ? range : range.substring(0, dash), names);
                to = dash >= 0 ? number(range.substring(dash + 1), names) : slash < 0 ? from : high;
            }
            if (from < low || to > high || from > to || step < 1) {
                throw new IllegalArgumentException("\"" + part + "\" is not within " + low + " to " + high);
            }
            for (int i = from; i <= to; i += step) {
                bits |= 1L << i;
            }
        }
        return bits;
    }

    private static int number(String text, List<String> names) {
        int named = names.indexOf(text.toLowerCase(Locale.ROOT));
        if (named >= 0) {
            return named;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no number", e);
        }
    }

    private static boolean has(long bits, int index) {
        return (bits >>> index & 1) != 0;
    }

    /// The first time after this one; null when there is none within five years.
    @Nullable Instant after(Instant time) {
        if (every != null) {
            return time.plus(every).truncatedTo(ChronoUnit.SECONDS);
        }
        ZonedDateTime at = time.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        ZonedDateTime end = at.plusYears(YEARS_AHEAD);
        while (at.isBefore(end)) {
            if (!has(months, at.getMonthValue())) {
                at = at.toLocalDate().withDayOfMonth(1).plusMonths(1).atStartOfDay(zone);
            } else if (!day(at)) {
                at = at.toLocalDate().plusDays(1).atStartOfDay(zone);
            } else if (!has(hours, at.getHour())) {
                at = at.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            } else if (!has(minutes, at.getMinute())) {
                at = at.plusMinutes(1);
            } else {
                return at.toInstant();
            }
        }
        return null;
    }

    private boolean day(ZonedDateTime at) {
        boolean ofMonth = has(daysOfMonth, at.getDayOfMonth());
        boolean ofWeek = has(daysOfWeek, at.getDayOfWeek().getValue() % 7);
        return anyDayOfMonth || anyDayOfWeek ? ofMonth && ofWeek : ofMonth || ofWeek;
    }

    /// The last time that is after `from` and not after `until`; null when there is none.
    @Nullable Instant lastBetween(Instant from, Instant until) {
        for (Duration back : List.of(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(32), Duration.ofDays(366), Duration.ofDays(366L * YEARS_AHEAD))) {
            Instant begin = until.minus(back).isBefore(from) ? from : until.minus(back);
            Instant last = null;
            for (Instant next = after(begin); next != null && !next.isAfter(until); next = after(next)) {
                last = next;
            }
            if (last != null || begin.equals(from)) {
                return last;
            }
        }
        return null;
    }

    /// How many times lie between; counts no further than `most`.
    int countBetween(Instant from, Instant until, int most) {
        int count = 0;
        for (Instant next = after(from); next != null && !next.isAfter(until) && count < most; next = after(next)) {
            count++;
        }
        return count;
    }

    ZoneId zone() {
        return zone;
    }
}
