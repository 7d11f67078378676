package io.j8s.apiserver.streaming;

import io.j8s.apiserver.request.Query;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What of a container's log is asked for (API reference, PodLogOptions). Checked as upstream does: 422 for figures out of range.
///
/// @param sinceTime as it was sent, RFC 3339
record LogRequest(
        String container,
        boolean follow,
        boolean previous,
        boolean timestamps,
        @Nullable Long sinceSeconds,
        @Nullable String sinceTime,
        @Nullable Long tailLines,
        @Nullable Long limitBytes,
        boolean skipVerification,
        String stream) {

    private static final List<String> STREAMS = List.of("All", "Stdout", "Stderr");

    static LogRequest of(Query query, String podName) {
        String stream = query.get("stream");
        LogRequest request = new LogRequest(
                query.get("container"), query.flag("follow"), query.flag("previous"), query.flag("timestamps"), query.number("sinceSeconds"), time(query),
                query.number("tailLines"), query.number("limitBytes"), query.flag("insecureSkipTLSVerifyBackend"), stream.isEmpty() ? "All" : stream);
        request.check(podName);
        return request;
    }

    private static @Nullable String time(Query query) {
        String time = query.get("sinceTime");
        if (time.isEmpty()) {
            return null;
        }
        try {
            OffsetDateTime.parse(time);
            return time;
        } catch (DateTimeException e) {
            throw Refusal.badRequest("parameter sinceTime must be a time such as 2026-01-31T00:00:00Z, not \"" + time + "\"");
        }
    }

    private void check(String podName) {
        FieldErrors errors = new FieldErrors();
        if (tailLines != null && tailLines < 0) {
            errors.invalid(FieldPath.of("tailLines"), tailLines, "must be greater than or equal to 0");
        }
        if (limitBytes != null && limitBytes < 1) {
            errors.invalid(FieldPath.of("limitBytes"), limitBytes, "must be greater than 0");
        }
        if (sinceSeconds != null && sinceTime != null) {
            errors.forbidden(FieldPath.of(""), "at most one of `sinceTime` or `sinceSeconds` may be specified");
        } else if (sinceSeconds != null && sinceSeconds < 1) {
            errors.invalid(FieldPath.of("sinceSeconds"), sinceSeconds, "must be greater than 0");
        }
        if (!STREAMS.contains(stream)) {
            errors.notSupported(FieldPath.of("stream"), stream, STREAMS);
        }
        if (!stream.equals("All") && tailLines != null) {
            errors.forbidden(FieldPath.of(""), "`tailLines` and specific `stream` are mutually exclusive for now");
        }
        if (!errors.isEmpty()) {
            throw Refusal.invalid("", "PodLogOptions", podName, errors.list());
        }
    }

    /// The parameters as the kubelet takes them.
    QueryText forKubelet() {
        QueryText text = new QueryText().addIf(follow, "follow", "true").addIf(previous, "previous", "true").addIf(timestamps, "timestamps", "true");
        if (sinceTime != null) {
            text.add("sinceTime", sinceTime);
        }
        number(text, "sinceSeconds", sinceSeconds);
        number(text, "tailLines", tailLines);
        number(text, "limitBytes", limitBytes);
        return text.add("stream", stream);
    }

    private static void number(QueryText text, String name, @Nullable Long value) {
        if (value != null) {
            text.add(name, Long.toString(value));
        }
    }
}
