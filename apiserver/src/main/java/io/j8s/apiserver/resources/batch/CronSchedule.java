package io.j8s.apiserver.resources.batch;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether a text is the schedule of a cron job: five fields as in a crontab, `@daily` and its like, or `@every 1h30m`.
final class CronSchedule {

    private static final List<String> DESCRIPTORS = List.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
    private static final Pattern DURATION = Pattern.compile("(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:ns|us|µs|ms|s|m|h)");
    private static final Pattern TERM = Pattern.compile("(\\*|\\?|[0-9a-z]+)(?:-([0-9a-z]+))?(?:/([0-9]+))?");
    private static final List<String> MONTHS = List.of("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    private record Field(String name, int least, int most, List<String> words) {}

    private static final List<Field> FIELDS = List.of(
            new Field("minute", 0, 59, List.of()),
            new Field("hour", 0, 23, List.of()),
            new Field("day of month", 1, 31, List.of()),
            new Field("month", 1, 12, MONTHS),
            new Field("day of week", 0, 6, DAYS));

    private CronSchedule() {}

    /// What is wrong; empty when nothing is.
    static String problem(String text) {
        String schedule = text;
        if (schedule.startsWith("TZ=") || schedule.startsWith("CRON_TZ=")) {
            int space = schedule.indexOf(' ');
            if (space < 0 || !isZone(schedule.substring(schedule.indexOf('=') + 1, space))) {
                return "provided bad location";
            }
            schedule = schedule.substring(space).strip();
        }
        if (schedule.startsWith("@")) {
            return descriptor(schedule);
        }
        String[] fields = schedule.strip().split("\\s+", -1);
        if (schedule.isBlank() || fields.length != FIELDS.size()) {
            return "expected exactly 5 fields, found " + (schedule.isBlank() ? 0 : fields.length) + ": " + schedule;
        }
        for (int i = 0; i < fields.length; i++) {
            for (String term : fields[i].split(",", -1)) {
                String problem = term.isEmpty() ? "" : term(term.toLowerCase(Locale.ROOT), FIELDS.get(i));
                if (!problem.isEmpty()) {
                    return problem;
                }
            }
        }
        return "";
    }

    private static boolean isZone(String name) {
        try {
            ZoneId.of(name);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static String descriptor(String schedule) {
        if (DESCRIPTORS.contains(schedule)) {
            return "";
        }
        if (schedule.startsWith("@every ")) {
            String span = schedule.substring("@every ".length());
            String sign = span.startsWith("-") || span.startsWith("+") ? span.substring(1) : span;
            boolean legal = sign.equals("0") || (!sign.isEmpty() && DURATION.matcher(sign).replaceAll("").isEmpty());
            return legal ? "" : "failed to parse duration " + schedule;
        }
        return "unrecognized descriptor: " + schedule;
    }

    private static String term(String term, Field field) {
        Matcher matcher = TERM.matcher(term);
        if (!matcher.matches()) {
            return "failed to parse the " + field.name() + " \"" + term + "\"";
        }
        boolean all = matcher.group(1).equals("*") || matcher.group(1).equals("?");
        int start = all ? field.least() : number(matcher.group(1), field);
        int end = matcher.group(2) != null && !all ? number(matcher.group(2), field) : matcher.group(3) != null ? field.most() : all ? field.most() : start;
        if (start == Integer.MIN_VALUE || end == Integer.MIN_VALUE) {
            return "failed to parse the " + field.name() + " \"" + term + "\"";
        }
        if (start < field.least()) {
            return "beginning of range (" + start + ") below minimum (" + field.least() + "): " + term;
        }
        if (end > field.most()) {
            return "end of range (" + end + ") above maximum (" + field.most() + "): " + term;
        }
        if (start > end) {
            return "beginning of range (" + start + ") beyond end of range (" + end + "): " + term;
        }
        boolean noStep = matcher.group(3) != null && matcher.group(3).chars().allMatch(c -> c == '0');
        return noStep ? "step of range should be a positive number: " + term : "";
    }

    private static int number(String text, Field field) {
        int word = field.words().indexOf(text);
        if (word >= 0) {
            return word;
        }
        return text.length() < 9 && text.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(text) : Integer.MIN_VALUE;
    }
}
