package io.j8s.apiserver.audit;

import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.runtime.Timeline;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The record of one request: collects while it is served, and hands over an event at each stage that its rule does not omit.
final class RequestTrail implements Auditor.Trail {

    private final AuditRule rule;
    private final Event event;
    private final AuditSink sink;
    private final Timeline timeline;
    private final RecordedExchange exchange;

    RequestTrail(AuditRule rule, Event event, Exchange exchange, boolean streams, AuditSink sink, Timeline timeline) {
        this.rule = rule;
        this.event = event;
        this.sink = sink;
        this.timeline = timeline;
        this.exchange = new RecordedExchange(exchange, rule.level(), streams, this::streaming);
    }

    @Override
    public Exchange exchange() {
        return exchange;
    }

    @Override
    public void annotate(Map<String, String> annotations) {
        event.annotate(annotations);
    }

    @Override
    public void decided(boolean allowed, String reason) {
        event.annotate(Map.of("authorization.k8s.io/decision", allowed ? "allow" : "forbid", "authorization.k8s.io/reason", reason));
    }

    /// A watch or another stream begins: its end may be far away.
    private void streaming() {
        putOutcome();
        emit("ResponseStarted");
    }

    @Override
    public void close() {
        putOutcome();
        emit("ResponseComplete");
    }

    void emit(String stage) {
        if (!rule.omittedStages().contains(stage)) {
            sink.take(event.at(stage, rule.level(), timeline.now()));
        }
    }

    private void putOutcome() {
        if (rule.level().atLeast(AuditLevel.REQUEST)) {
            putObject("requestObject", Recorded.plain(exchange.requestBytes(), Headers.EMPTY, rule.omitsManagedFields()));
        }
        Object response = Recorded.plain(exchange.responseBytes(), exchange.responseHeaders(), rule.omitsManagedFields());
        event.put("responseStatus", status(response));
        if (rule.level().atLeast(AuditLevel.REQUEST_RESPONSE)) {
            putObject("responseObject", response);
        }
    }

    private void putObject(String field, @Nullable Object object) {
        if (object != null) {
            event.put(field, object);
        }
    }

    private Map<String, Object> status(@Nullable Object response) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("metadata", Map.of());
        if (exchange.status() >= 400 && response instanceof Map<?, ?> told && "Status".equals(told.get("kind"))) {
            for (String field : new String[] {"status", "message", "reason", "details"}) {
                if (told.get(field) != null) {
                    status.put(field, told.get(field));
                }
            }
        }
        status.put("code", exchange.status());
        return status;
    }
}
