package io.j8s.apiserver.audit;

import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is counted of auditing, under upstream's names; and the log of what was lost.
final class AuditMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(AuditMetrics.class);
    private static final int MOST_TOLD = 20;

    private final Counter events;
    private final Counter errors;
    private final Counter levels;
    private final Counter rejected;

    static AuditMetrics of(MetricRegistry registry) {
        return new AuditMetrics(registry);
    }

    private AuditMetrics(MetricRegistry registry) {
        events = registry.counter("apiserver_audit_event_total", "[ALPHA] Counter of audit events generated and sent to the audit backend.");
        errors = registry.counter("apiserver_audit_error_total", "[ALPHA] Counter of audit events that failed to be audited properly. Plugin identifies the plugin affected by the error.", "plugin");
        levels = registry.counter("apiserver_audit_level_total", "[ALPHA] Counter of policy levels for audit events (1 per request).", "level");
        rejected = registry.counter("apiserver_audit_requests_rejected_total", "[ALPHA] Counter of apiserver requests rejected due to an error in audit logging backend.");
        events.add(0);
        rejected.add(0);
    }

    void event() {
        events.increment();
    }

    void level(AuditLevel level) {
        levels.increment(level.text());
    }

    void rejected() {
        rejected.increment();
    }

    /// Events that are lost: counted, and told in the log, as that is the last place that can keep them.
    void lost(String plugin, String why, List<AuditEvent> lost) {
        errors.add(lost.size(), plugin);
        StringBuilder text = new StringBuilder();
        lost.stream().limit(MOST_TOLD).forEach(event -> text.append(event.legacy()).append('\n'));
        LOG.error("Error in audit plugin '{}' affecting {} audit events: {}\nImpacted events:\n{}", plugin, lost.size(), why, text);
    }
}
