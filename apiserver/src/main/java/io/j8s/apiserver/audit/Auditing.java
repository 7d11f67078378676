package io.j8s.apiserver.audit;

import io.j8s.apiserver.Foundation;
import io.j8s.apiserver.Guards;
import io.j8s.apiserver.remote.ReviewClient;
import io.j8s.runtime.metrics.MetricRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Adds an audit log to a server's guards.
public final class Auditing {

    private static final int ATTEMPTS = 5;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    /// No request waits longer than this for another server that takes events.
    private static final Duration LONGEST_BLOCKED = Duration.ofSeconds(5);

    private Auditing() {}

    /// Has the metrics of auditing on the page, though nothing be audited.
    public static void register(MetricRegistry metrics) {
        AuditMetrics.of(metrics);
    }

    /// The same guards, and sinks that are closed after them.
    ///
    /// @throws IllegalArgumentException from the function, when the policy is not right; names the file and the field
    public static Function<Foundation, Guards> with(AuditSettings settings, Function<Foundation, Guards> guards) {
        return foundation -> {
            AuditMetrics metrics = AuditMetrics.of(foundation.metrics());
            AuditPolicy policy = policy(settings);
            AuditSink sink = sink(settings, foundation, metrics);
            Guards inner = guards.apply(foundation);
            return new Guards(inner.authenticator(), inner.authorizer(), inner.admission(), inner.resources(), inner.paths(), () -> {
                inner.close().run();
                sink.close();
            }, new PolicyAuditor(policy, sink, metrics, foundation.timeline()));
        };
    }

    private static AuditPolicy policy(AuditSettings settings) {
        try {
            return AuditPolicy.parse(Files.readString(settings.policy()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("loading audit policy file: " + e.getMessage() + ": from file " + settings.policy(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("loading audit policy file: failed to read file path \"" + settings.policy() + "\"", e);
        }
    }

    private static AuditSink sink(AuditSettings settings, Foundation foundation, AuditMetrics metrics) {
        List<AuditSink> sinks = new ArrayList<>();
        AuditSettings.Log log = settings.log();
        if (log != null) {
            try {
                AuditSink file = new LogSink(new LogFile(log.file(), foundation.timeline()), log.legacy(), metrics);
                sinks.add(delivered(file, log.delivery(), metrics, foundation));
            } catch (IOException e) {
                throw new UncheckedIOException("the audit log " + log.file().file() + " cannot be opened", e);
            }
        }
        AuditSettings.Webhook webhook = settings.webhook();
        if (webhook != null) {
            Duration atMost = webhook.delivery().mode() == AuditSettings.Mode.BATCH ? Duration.ofHours(1) : LONGEST_BLOCKED;
            ReviewClient client = ReviewClient.of(webhook.kubeconfig(), "--audit-webhook-config-file", atMost.compareTo(TIMEOUT) < 0 ? atMost : TIMEOUT, ATTEMPTS, foundation.loops(), foundation.timeline());
            sinks.add(delivered(new WebhookSink(client, webhook.firstPause(), atMost, metrics), webhook.delivery(), metrics, foundation));
        }
        return sinks.size() == 1 ? sinks.getFirst() : new AuditSink.All(sinks);
    }

    private static AuditSink delivered(AuditSink sink, AuditSettings.Delivery delivery, AuditMetrics metrics, Foundation foundation) {
        AuditSink gathered = switch (delivery.mode()) {
            case BATCH -> new BatchingSink(sink, delivery.batching(), metrics, foundation.timeline());
            case BLOCKING -> new AuditSink.Lenient(sink);
            case BLOCKING_STRICT -> sink;
        };
        AuditSettings.Truncation truncation = delivery.truncation();
        return truncation == null ? gathered : new TruncatingSink(gathered, truncation, metrics);
    }
}
