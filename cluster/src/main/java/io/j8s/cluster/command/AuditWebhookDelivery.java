package io.j8s.cluster.command;

import io.j8s.apiserver.audit.AuditSettings;
import java.time.Duration;
import picocli.CommandLine.Option;

/// How records reach another server.
final class AuditWebhookDelivery {
    @Option(names = "--audit-webhook-mode", paramLabel = "batch|blocking|blocking-strict", description = "Whether requests wait for their records, and fail without them (default: ${DEFAULT-VALUE}).", defaultValue = "batch")
    private String mode = "batch";
    @Option(names = "--audit-webhook-batch-buffer-size", paramLabel = "N", description = "How many records may wait in batch mode (default: ${DEFAULT-VALUE}).", defaultValue = "10000")
    private int buffer = 10_000;
    @Option(names = "--audit-webhook-batch-max-size", paramLabel = "N", description = "How many records make a batch (default: ${DEFAULT-VALUE}).", defaultValue = "400")
    private int mostEvents = 400;
    @Option(names = "--audit-webhook-batch-max-wait", paramLabel = "DURATION", description = "How long a batch waits to be full (default: ${DEFAULT-VALUE}).", defaultValue = "30s", converter = GoDuration.class)
    private Duration longestWait = Duration.ofSeconds(30);
    @Option(names = "--audit-webhook-batch-throttle-enable", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "true", description = "Whether batches are held back (default: ${DEFAULT-VALUE}).")
    private boolean throttles = true;
    @Option(names = "--audit-webhook-batch-throttle-qps", paramLabel = "N", description = "How many batches a second leave (default: ${DEFAULT-VALUE}).", defaultValue = "10")
    private double perSecond = 10;
    @Option(names = "--audit-webhook-batch-throttle-burst", paramLabel = "N", description = "How many batches leave at once after a pause (default: ${DEFAULT-VALUE}).", defaultValue = "15")
    private int burst = 15;
    @Option(names = "--audit-webhook-truncate-enabled", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "false", description = "Whether large records lose their bodies (default: ${DEFAULT-VALUE}).")
    private boolean truncates;
    @Option(names = "--audit-webhook-truncate-max-batch-size", paramLabel = "BYTES", description = "Larger batches are split (default: ${DEFAULT-VALUE}).", defaultValue = "10485760")
    private long mostBatchBytes = 10L << 20;
    @Option(names = "--audit-webhook-truncate-max-event-size", paramLabel = "BYTES", description = "Larger records lose their bodies (default: ${DEFAULT-VALUE}).", defaultValue = "102400")
    private long mostEventBytes = 100L << 10;

    AuditSettings.Delivery checked() {
        return new AuditDelivery("webhook", mode, buffer, mostEvents, longestWait, throttles, perSecond, burst, 16, truncates, mostBatchBytes, mostEventBytes).checked();
    }
}
