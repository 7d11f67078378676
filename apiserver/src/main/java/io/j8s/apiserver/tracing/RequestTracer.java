package io.j8s.apiserver.tracing;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.http.Exchange;
import io.j8s.runtime.Timeline;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes spans of those requests that a client wants followed, or that chance picks. A client's word counts when it is in `system:masters` or `system:monitoring`; what others say is only linked.
public final class RequestTracer implements Tracer {

    private static final String MONITORING = "system:monitoring";
    private static final int MILLION = 1_000_000;
    private static final int SERVER_ERRORS = 500;
    private static final byte[] NONE_GIVEN = {};

    private final int perMillion;
    private final Timeline timeline;
    private final Consumer<FinishedSpan> sink;

    /// @param perMillion how many of a million requests are followed that nobody asked for
    /// @param sink takes spans; must be quick and must not block
    public RequestTracer(int perMillion, Timeline timeline, Consumer<FinishedSpan> sink) {
        this.perMillion = perMillion;
        this.timeline = timeline;
        this.sink = sink;
    }

    @Override
    public Span begin(Exchange exchange, RequestInfo info, User user, String auditId) {
        TraceContext said = TraceContext.parse(exchange.headers().get("traceparent"));
        if (said != null && (user.in(User.MASTERS) || user.in(MONITORING))) {
            return said.sampled() ? new Request(exchange, info, auditId, said, null) : Span.NONE;
        }
        return timeline.random().nextInt(MILLION) < perMillion ? new Request(exchange, info, auditId, null, said) : Span.NONE;
    }

    private byte[] id(int bytes) {
        byte[] id = new byte[bytes];
        ByteBuffer buffer = ByteBuffer.wrap(id);
        while (buffer.hasRemaining()) {
            buffer.putLong(timeline.random().nextLong() | 1);
        }
        return id;
    }

    private long now() {
        Instant now = timeline.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private final class Request implements Span {
        private final byte[] traceId;
        private final byte[] spanId = id(8);
        private final byte[] parentId;
        private final @Nullable TraceContext link;
        private final String name;
        private final String auditId;
        private final long start = now();
        private final Map<String, Object> attributes = new LinkedHashMap<>();
        private int status;

        Request(Exchange exchange, RequestInfo info, String auditId, @Nullable TraceContext parent, @Nullable TraceContext link) {
            this.traceId = parent == null ? id(16) : parent.traceId();
            this.parentId = parent == null ? NONE_GIVEN : parent.spanId();
            this.link = link;
            this.auditId = auditId;
            this.name = name(exchange.method(), info);
            attributes.put("http.request.method", exchange.method());
            attributes.put("http.target", exchange.query().isEmpty() ? exchange.path() : exchange.path() + "?" + exchange.query());
            attributes.put("url.path", exchange.path());
            attributes.put("url.scheme", "https");
            attributes.put("server.address", exchange.authority());
            attributes.put("network.protocol.version", exchange.protocol().substring(exchange.protocol().indexOf('/') + 1));
            attributes.put("user_agent.original", exchange.headers().getOr("user-agent", ""));
            attributes.put("audit-id", auditId);
        }

        private static String name(String method, RequestInfo info) {
            if (!info.aboutResource()) {
                return method;
            }
            return method + " /" + info.prefix() + (info.group().isEmpty() ? "" : "/" + info.group()) + "/" + info.version() + (info.namespace().isEmpty() ? "" : "/namespaces/{:namespace}")
                    + "/" + info.resource() + (info.name().isEmpty() ? "" : "/{:name}") + (info.subresource().isEmpty() ? "" : "/" + info.subresource());
        }

        @Override
        public void served(String what, long nanos) {
            long end = now();
            sink.accept(new FinishedSpan(traceId, id(8), spanId, what, false, end - nanos, end, Map.of("audit-id", auditId), NONE_GIVEN, NONE_GIVEN, false));
        }

        @Override
        public void answered(int code) {
            status = code;
        }

        @Override
        public void close() {
            if (status > 0) {
                attributes.put("http.response.status_code", (long) status);
            }
            sink.accept(new FinishedSpan(traceId, spanId, parentId, name, true, start, now(), attributes, link == null ? NONE_GIVEN : link.traceId(), link == null ? NONE_GIVEN : link.spanId(),
                    status >= SERVER_ERRORS));
        }
    }
}
