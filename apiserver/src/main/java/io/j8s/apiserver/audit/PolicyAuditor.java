package io.j8s.apiserver.audit;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.http.Exchange;
import io.j8s.runtime.Timeline;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps of each request what a policy says.
final class PolicyAuditor implements Auditor {

    private static final Set<String> STREAMS = Set.of("attach", "exec", "log", "portforward", "proxy");

    private final AuditPolicy policy;
    private final AuditSink sink;
    private final AuditMetrics metrics;
    private final Timeline timeline;

    PolicyAuditor(AuditPolicy policy, AuditSink sink, AuditMetrics metrics, Timeline timeline) {
        this.policy = policy;
        this.sink = sink;
        this.metrics = metrics;
        this.timeline = timeline;
    }

    @Override
    public Trail begin(Exchange exchange, RequestInfo info, @Nullable User user, String id) {
        AuditRule rule = policy.ruleFor(user, info);
        metrics.level(rule.level());
        if (rule.level() == AuditLevel.NONE) {
            return new Trail.Untold(exchange);
        }
        boolean streams = user == null || streams(info);
        RequestTrail trail = new RequestTrail(rule, new EventFacts(exchange, info, user, id, timeline.now()), exchange, streams, this::emit, timeline);
        if (user == null) {
            trail.endsWithItsStart();
        } else if (!trail.emit("RequestReceived")) {
            metrics.rejected();
            throw new LostException();
        }
        return trail;
    }

    private boolean emit(AuditEvent event) {
        metrics.event();
        return sink.take(java.util.List.of(event));
    }

    /// Whether the answer's end may be far away.
    private static boolean streams(RequestInfo info) {
        return info.verb().equals("watch") || STREAMS.contains(info.subresource());
    }
}
