package io.j8s.apiserver.audit;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.http.Exchange;
import io.j8s.runtime.Timeline;
import java.util.Set;

/// Keeps of each request what a policy says.
public final class PolicyAuditor implements Auditor {

    private static final Set<String> STREAMS = Set.of("attach", "exec", "log", "portforward", "proxy");

    private final AuditPolicy policy;
    private final AuditSink sink;
    private final Timeline timeline;

    public PolicyAuditor(AuditPolicy policy, AuditSink sink, Timeline timeline) {
        this.policy = policy;
        this.sink = sink;
        this.timeline = timeline;
    }

    @Override
    public Trail begin(Exchange exchange, RequestInfo info, User user, User acting, String id) {
        AuditRule rule = policy.ruleFor(user, info);
        if (rule.level() == AuditLevel.NONE) {
            return new Trail.Untold(exchange);
        }
        RequestTrail trail = new RequestTrail(rule, new Event(exchange, info, user, acting, id, timeline.now()), exchange, streams(info), sink, timeline);
        trail.emit("RequestReceived");
        return trail;
    }

    /// Whether the answer's end may be far away.
    private static boolean streams(RequestInfo info) {
        return info.verb().equals("watch") || STREAMS.contains(info.subresource());
    }
}
