package io.j8s.runtime.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/// One message, and its two spellings. Values that are named or look like credentials are never spelled.
///
/// @param caller file and line of the statement that logs
/// @param verbosity the `-v` from which on it is written
record Line(Instant time, Level level, int verbosity, long process, String caller, String message, List<KeyValuePair> values, @Nullable Throwable error) {
    private static final Pattern SECRET_NAME = Pattern.compile("(?i)(^|[a-z_.-])(token|password|passwd|secret|authorization|credential|privatekey|private-key|cookie)s?$");
    private static final Pattern SECRET_TEXT = Pattern.compile("(?i)\\b(bearer|basic)\\s+[a-z0-9._~+/=-]{8,}|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(-----END [A-Z ]*PRIVATE KEY-----)?");
    private static final String REDACTED = "--- REDACTED ---";

    /// `I0919 12:28:37.253421   70799 Server.java:42] "Started" port="6443"`, and the stack trace of an error below it.
    String text(ZoneId zone) {
        ZonedDateTime local = time.atZone(zone);
        StringBuilder out = new StringBuilder(160);
        out.append(letter()).append(String.format(Locale.ROOT, "%02d%02d %02d:%02d:%02d.%06d %7d ", local.getMonthValue(), local.getDayOfMonth(),
                local.getHour(), local.getMinute(), local.getSecond(), local.getNano() / 1000, process));
        out.append(caller).append("] ");
        quote(out, clean(message));
        if (error != null) {
            out.append(" err=");
            quote(out, clean(String.valueOf(error)));
        }
        for (KeyValuePair pair : values) {
            out.append(' ').append(pair.key).append('=');
            if (pair.value instanceof Number || pair.value instanceof Boolean) {
                out.append(pair.value);
            } else {
                quote(out, value(pair));
            }
        }
        out.append('\n');
        stack(out);
        return out.toString();
    }

    /// `{"ts":1726749000253.421,"caller":"Server.java:42","msg":"Started","v":0,"port":"6443"}`
    String json() {
        StringBuilder out = new StringBuilder(200);
        long micros = time.getEpochSecond() * 1_000_000 + time.getNano() / 1000;
        out.append(String.format(Locale.ROOT, "{\"ts\":%d.%03d,\"caller\":", micros / 1000, micros % 1000));
        quote(out, caller);
        out.append(",\"msg\":");
        quote(out, clean(message));
        if (level == Level.ERROR) {
            out.append(",\"err\":");
            quote(out, error == null ? "" : clean(String.valueOf(error)));
        } else {
            out.append(",\"v\":").append(verbosity);
            if (error != null) {
                out.append(",\"err\":");
                quote(out, clean(String.valueOf(error)));
            }
        }
        for (KeyValuePair pair : values) {
            out.append(',');
            quote(out, pair.key);
            out.append(':');
            if (pair.value instanceof Number || pair.value instanceof Boolean) {
                out.append(pair.value);
            } else {
                quote(out, value(pair));
            }
        }
        if (error != null) {
            StringBuilder trace = new StringBuilder();
            stack(trace);
            out.append(",\"stacktrace\":");
            quote(out, trace.toString().stripTrailing());
        }
        return out.append("}\n").toString();
    }

    private char letter() {
        return switch (level) {
            case ERROR -> 'E';
            case WARN -> 'W';
            case INFO, DEBUG, TRACE -> 'I';
        };
    }

    private static String value(KeyValuePair pair) {
        return SECRET_NAME.matcher(pair.key).find() ? REDACTED : clean(String.valueOf(pair.value));
    }

    private static String clean(String text) {
        return SECRET_TEXT.matcher(text).replaceAll(REDACTED);
    }

    private void stack(StringBuilder out) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            out.append(cause == error ? "\t" : "\tcaused by ").append(clean(String.valueOf(cause))).append('\n');
            for (StackTraceElement frame : cause.getStackTrace()) {
                out.append("\t\tat ").append(frame).append('\n');
            }
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
