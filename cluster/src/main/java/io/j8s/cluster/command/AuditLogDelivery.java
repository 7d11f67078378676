package io.j8s.cluster.command;

import io.j8s.apiserver.audit.AuditSettings;
import java.time.Duration;
import picocli.CommandLine.Option;

/// How records reach the file.
final class AuditLogDelivery {
    @Option(names = "--audit-log-mode", paramLabel = "batch|blocking|blocking-strict", description = "Whether requests wait for their records, and fail without them (default: ${DEFAULT-VALUE}).", defaultValue = "blocking")
    private String mode = "blocking";
    @Option(names = "--audit-log-batch-buffer-size", paramLabel = "N", description = "How many records may wait in batch mode (default: ${DEFAULT-VALUE}).", defaultValue = "10000")
    private int buffer = 10_000;
    @Option(names = "--audit-log-batch-max-size", paramLabel = "N", description = "How many records make a batch (default: ${DEFAULT-VALUE}).", defaultValue = "1")
    private int mostEvents = 1;
    @Option(names = "--audit-log-batch-max-wait", paramLabel = "DURATION", description = "How long a batch waits to be full (default: ${DEFAULT-VALUE}).", defaultValue = "0s", converter = GoDuration.class)
    private Duration longestWait = Duration.ZERO;
    @Option(names = "--audit-log-batch-throttle-enable", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "false", description = "Whether batches are held back (default: ${DEFAULT-VALUE}).")
    private boolean throttles;
    @Option(names = "--audit-log-batch-throttle-qps", paramLabel = "N", description = "How many batches a second leave (default: ${DEFAULT-VALUE}).", defaultValue = "0")
    private double perSecond;
    @Option(names = "--audit-log-batch-throttle-burst", paramLabel = "N", description = "How many batches leave at once after a pause (default: ${DEFAULT-VALUE}).", defaultValue = "0")
    private int burst;
    @Option(names = "--audit-log-truncate-enabled", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "false", description = "Whether large records lose their bodies (default: ${DEFAULT-VALUE}).")
    private boolean truncates;
    @Option(names = "--audit-log-truncate-max-batch-size", paramLabel = "BYTES", description = "Larger batches are split (default: ${DEFAULT-VALUE}).", defaultValue = "10485760")
    private long mostBatchBytes = 10L << 20;
    @Option(names = "--audit-log-truncate-max-event-size", paramLabel = "BYTES", description = "Larger records lose their bodies (default: ${DEFAULT-VALUE}).", defaultValue = "102400")
    private long mostEventBytes = 100L << 10;

    AuditSettings.Delivery checked() {
        return new AuditDelivery("log", mode, buffer, mostEvents, longestWait, throttles, perSecond, burst, 1, truncates, mostBatchBytes, mostEventBytes).checked();
    }
}
