package io.j8s.apiserver.serve;

import com.google.re2j.Pattern;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.encoding.Accepted;
import io.j8s.apiserver.operation.Call;
import io.j8s.apiserver.request.Query;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.apiserver.status.Refusal;
import io.j8s.http.Exchange;
import io.j8s.http.Handler;
import io.j8s.http.Headers;
import io.j8s.http.HttpServer;
import io.j8s.model.Durations;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What every request goes through before anybody looks at who sends it: the time it has, what browsers are told, and, when the server is about to end, the door.
///
/// Runs on the virtual thread of the exchange.
public final class Edge implements Handler, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Edge.class);
    private static final List<String> ANSWERED_TO_THE_END = List.of("/readyz", "/livez", "/healthz", "/metrics");
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);
    private static final Headers CORS = Headers.of("access-control-allow-methods", "POST, GET, OPTIONS, PUT, DELETE, PATCH",
            "access-control-allow-headers", "Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, Authorization, X-Requested-With, If-Modified-Since",
            "access-control-expose-headers", "Date", "access-control-allow-credentials", "true");

    private final EdgeSettings settings;
    private final Timeline timeline;
    private final ApiHandler inner;
    private final Deadlines deadlines;
    private final OpenWatches watches;
    private final Headers security;
    private final List<Pattern> origins;
    private volatile boolean turningAway;

    Edge(EdgeSettings settings, Timeline timeline, ApiHandler inner, OpenWatches watches) {
        this.settings = settings;
        this.timeline = timeline;
        this.inner = inner;
        this.watches = watches;
        this.deadlines = new Deadlines(timeline, settings.requestTimeout());
        this.security = settings.transportSecurity().isEmpty() ? Headers.EMPTY : Headers.of("strict-transport-security", String.join("; ", settings.transportSecurity()));
        this.origins = settings.corsOrigins().stream().map(Pattern::compile).toList();
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
        long begunNanos = timeline.nanoTime();
        Query query = Query.parseText(exchange.query());
        RequestInfo info = RequestInfo.of(exchange.method(), exchange.path(), query);
        String given = exchange.headers().getOr("audit-id", "");
        String auditId = given.isEmpty() ? newId() : given;
        if (turningAway && !answeredToTheEnd(exchange, info)) {
            turnAway(exchange, auditId);
            return;
        }
        EdgeExchange outer = new EdgeExchange(exchange, auditId, marks(exchange));
        if (lasts(info)) {
            pass(outer, info, query, auditId);
            return;
        }
        Duration within;
        try {
            within = asked(query.get("timeout"));
        } catch (Refusal refusal) {
            inner.refuse(new Answer(outer, auditId), refusal, new Call(User.ANONYMOUS, ""));
            return;
        }
        if (within != null && within.isPositive() && timeline.nanoTime() - begunNanos >= within.toNanos()) {
            outer.refuseLate();
            return;
        }
        try (Deadlines.Entry _ = deadlines.enter(outer, within)) {
            pass(outer, info, query, auditId);
        } catch (IOException | InterruptedException e) {
            if (!outer.expired()) {
                throw e;
            }
            inner.terminated(exchange, info, query, 504);
            LOG.info("Timeout or abort while handling: {} {}, audit ID {}", exchange.method(), exchange.path(), auditId);
        }
    }

    private void pass(EdgeExchange exchange, RequestInfo info, Query query, String auditId) throws Exception {
        if (preflight(exchange)) {
            exchange.answer(204, Headers.of("audit-id", auditId, "cache-control", "no-cache, private"), new byte[0]);
        } else {
            inner.handle(exchange, info, query, auditId);
        }
    }

    /// Requests whose end is not in sight.
    static boolean lasts(RequestInfo info) {
        if (!info.aboutResource()) {
            return info.path().startsWith("/debug/pprof/");
        }
        return info.verb().equals("watch") || switch (info.subresource()) {
            case "attach", "exec", "proxy", "log", "portforward" -> true;
            default -> false;
        };
    }

    private static @Nullable Duration asked(String timeout) {
        if (timeout.isEmpty()) {
            return null;
        }
        try {
            return Durations.parse(timeout);
        } catch (IllegalArgumentException e) {
            String shown = "\"" + timeout + "\"";
            boolean bare = timeout.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+') && timeout.chars().anyMatch(c -> c >= '0' && c <= '9');
            throw Refusal.badRequest("invalid timeout specified in the request URL - time: " + (bare ? "missing unit in duration " : "invalid duration ") + shown);
        }
    }

    private String newId() {
        return new UUID(timeline.random().nextLong() & ~0xF000L | 0x4000L, timeline.random().nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L).toString();
    }

    // ---- what answers say beside what was asked

    private Headers marks(Exchange exchange) {
        Headers marks = security;
        if (settings.goawayChance() > 0 && exchange.protocol().equals("HTTP/2") && timeline.random().nextDouble() < settings.goawayChance()) {
            marks = marks.with("connection", "close");
        }
        String origin = origins.isEmpty() ? null : allowedOrigin(exchange);
        if (origin != null) {
            marks = marks.with("access-control-allow-origin", origin).withAll(CORS);
        }
        return marks;
    }

    private @Nullable String allowedOrigin(Exchange exchange) {
        String origin = exchange.headers().getOr("origin", "");
        return !origin.isEmpty() && origins.stream().anyMatch(pattern -> pattern.matcher(origin).find()) ? origin : null;
    }

    private boolean preflight(Exchange exchange) {
        return !origins.isEmpty() && exchange.method().equals("OPTIONS") && allowedOrigin(exchange) != null;
    }

    // ---- the end

    private static boolean answeredToTheEnd(Exchange exchange, RequestInfo info) {
        return exchange.headers().getOr("user-agent", "").startsWith("kube-apiserver/") || ANSWERED_TO_THE_END.stream().anyMatch(info.path()::startsWith);
    }

    private static void turnAway(Exchange exchange, String auditId) throws IOException {
        exchange.answer(429, Headers.of("audit-id", auditId, "retry-after", "5", "connection", "close", "content-type", "text/plain; charset=utf-8", "x-content-type-options", "nosniff"),
                "The apiserver is shutting down, please try again later.\n".getBytes(StandardCharsets.UTF_8));
    }

    /// Ends the server so that no request fails that was taken: it goes on for a while (others are to notice that it is not ready any more), then takes no more requests, finishes those
    /// under way, ends watches, and closes. Returns when all is closed.
    void end(HttpServer http) {
        EdgeSettings.Shutdown how = settings.shutdown();
        try {
            timeline.sleep(how.delay());
            if (how.retryAfter()) {
                turningAway = true;
            } else {
                http.drain();
            }
            watches.end(timeline, how.watchGrace());
            deadlines.drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.shutdown(LAST_ANSWERS);
    }

    @Override
    public void close() {
        deadlines.close();
    }
}
