package io.j8s.node.logs;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/// One entry of a log in CRI's format: `TIME STREAM TAG CONTENT`, where tag `P` marks a part of a line that goes on in the next entry.
///
/// @param stream `stdout` or `stderr`
/// @param content with its line break unless it is partial
record LogLine(String time, String stream, boolean partial, byte[] content) {

    /// Reads an entry, from after the last line break up to and with the next; null when it is not in the format.
    static @Nullable LogLine parse(byte[] bytes, int from, int to) {
        int first = space(bytes, from, to);
        int second = first < 0 ? -1 : space(bytes, first + 1, to);
        int third = second < 0 ? -1 : space(bytes, second + 1, to);
        if (third < 0) {
            return null;
        }
        boolean partial = bytes[second + 1] == 'P';
        int end = partial && to > third + 1 && bytes[to - 1] == '\n' ? to - 1 : to;
        return new LogLine(text(bytes, from, first), text(bytes, first + 1, second), partial, java.util.Arrays.copyOfRange(bytes, third + 1, end));
    }

    @Nullable Instant instant() {
        try {
            return java.time.OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static int space(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }
}
