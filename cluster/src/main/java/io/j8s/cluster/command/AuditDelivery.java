package io.j8s.cluster.command;

import io.j8s.apiserver.audit.AuditSettings;
import java.time.Duration;
import java.util.List;

/// What flags say of how records reach a sink, and the rules for it.
///
/// @param sink `log` or `webhook`
/// @param mode `batch`, `blocking` or `blocking-strict`
/// @param atOnce how many batches may be under way
record AuditDelivery(
        String sink, String mode, int buffer, int mostEvents, Duration longestWait, boolean throttles, double perSecond, int burst, int atOnce, boolean truncates, long mostBatchBytes,
        long mostEventBytes) {
    private static final List<String> MODES = List.of("batch", "blocking", "blocking-strict");

    /// @throws IllegalArgumentException naming what is wrong
    AuditSettings.Delivery checked() {
        if (!MODES.contains(mode)) {
            throw new IllegalArgumentException("invalid audit " + sink + " mode " + mode + ", allowed modes are \"" + String.join(",", MODES) + "\"");
        }
        AuditSettings.Mode chosen = AuditSettings.Mode.values()[MODES.indexOf(mode)];
        if (chosen == AuditSettings.Mode.BATCH) {
            positive("batch", "buffer size", buffer);
            positive("batch", "max batch size", mostEvents);
            if (throttles) {
                positive("batch", "throttle QPS", perSecond);
                positive("batch", "throttle burst", burst);
            }
        }
        positive("truncate", "max event size", mostEventBytes);
        if (mostBatchBytes < mostEventBytes) {
            throw new IllegalArgumentException(
                    "invalid audit truncate " + sink + " max batch size " + mostBatchBytes + ", must be greater than max event size (" + mostEventBytes + ")");
        }
        return new AuditSettings.Delivery(chosen, new AuditSettings.Batching(buffer, mostEvents, longestWait, throttles ? perSecond : 0, burst, atOnce),
                truncates ? new AuditSettings.Truncation(mostEventBytes, mostBatchBytes) : null);
    }

    private void positive(String what, String limit, double value) {
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "invalid audit " + what + " " + sink + " " + limit + " " + (value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value)) + ", must be a positive number");
        }
    }
}
