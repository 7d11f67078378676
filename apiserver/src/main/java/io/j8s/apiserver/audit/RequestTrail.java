package io.j8s.apiserver.audit;

import io.j8s.apiserver.authentication.User;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The record of one request: collects while it is served, and hands over an event at each stage that its rule does not omit.
final class RequestTrail implements Auditor.Trail {

    private static final Duration SLOW = Duration.ofMillis(500);

    private final AuditRule rule;
    private final EventFacts event;
    private final Predicate<AuditEvent> sink;
    private final Timeline timeline;
    private final RecordedExchange exchange;
    private @Nullable Supplier<Struct> sent;
    private byte @Nullable [] sentBody;
    private boolean ended;
    private boolean endsWithStart;

    RequestTrail(AuditRule rule, EventFacts event, Exchange exchange, boolean streams, Predicate<AuditEvent> sink, Timeline timeline) {
        this.rule = rule;
        this.event = event;
        this.sink = sink;
        this.timeline = timeline;
        this.exchange = new RecordedExchange(exchange, rule.level(), streams, this::streaming);
    }

    /// No event says that the answer is complete.
    void endsWithItsStart() {
        endsWithStart = true;
    }

    @Override
    public Exchange exchange() {
        return exchange;
    }

    @Override
    public boolean wanted() {
        return true;
    }

    @Override
    public void object(Supplier<Struct> object) {
        sent = object;
    }

    @Override
    public void body(byte[] bytes) {
        sentBody = bytes;
    }

    @Override
    public void annotate(Map<String, String> annotations) {
        event.annotate(annotations);
    }

    @Override
    public void decided(boolean allowed, String reason) {
        event.annotate(Map.of("authorization.k8s.io/decision", allowed ? "allow" : "forbid", "authorization.k8s.io/reason", reason));
    }

    @Override
    public void acting(User user, String constraint) {
        event.acting(user, constraint);
    }

    @Override
    public void failed(RuntimeException fault) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("metadata", Map.of());
        status.put("status", "Failure");
        status.put("message", "APIServer panic'd: " + fault);
        status.put("reason", "InternalError");
        status.put("code", 500);
        event.put("responseStatus", status);
        putSent();
        ended = true;
        emit("Panic");
    }

    /// A watch or another stream begins: its end may be far away.
    private void streaming() {
        if (!ended) {
            putOutcome();
            emit("ResponseStarted");
        }
    }

    @Override
    public void close() {
        if (ended || endsWithStart) {
            return;
        }
        ended = true;
        Duration spent = Duration.between(event.received(), timeline.now());
        if (spent.compareTo(SLOW) > 0) {
            event.annotate(Map.of("apiserver.latency.k8s.io/total", spent.toNanos() / 1e9 + "s"));
        }
        putOutcome();
        emit("ResponseComplete");
    }

    /// False when the event is known to be lost.
    boolean emit(String stage) {
        return rule.omittedStages().contains(stage) || sink.test(event.at(stage, rule.level(), stage.equals("RequestReceived") ? event.received() : timeline.now()));
    }

    private void putOutcome() {
        putSent();
        Object response = Recorded.plain(exchange.responseBytes(), exchange.responseHeaders(), rule.omitsManagedFields());
        event.put("responseStatus", status(response));
        if (rule.level().atLeast(AuditLevel.REQUEST_RESPONSE)) {
            putObject("responseObject", response);
        }
    }

    private void putSent() {
        Supplier<Struct> object = sent;
        byte[] bytes = sentBody;
        if (object != null) {
            Struct struct = object.get();
            if (struct.structType().field("metadata") != null) {
                event.refersTo(Objects.metadata(struct));
            }
            if (rule.level().atLeast(AuditLevel.REQUEST)) {
                putObject("requestObject", Recorded.plain(Json.write(struct), Headers.EMPTY, rule.omitsManagedFields()));
            }
        } else if (bytes != null && rule.level().atLeast(AuditLevel.REQUEST)) {
            putObject("requestObject", Recorded.sent(bytes));
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
        if (exchange.status() == 0) {
            status.put("status", "Success");
            status.put("message", "Connection closed early");
            status.put("code", 200);
            return status;
        }
        if (response instanceof Map<?, ?> told && "Status".equals(told.get("kind"))) {
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
