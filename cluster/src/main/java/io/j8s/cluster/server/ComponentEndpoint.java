package io.j8s.cluster.server;

import io.j8s.apiserver.serve.StatusPages;
import io.j8s.apiserver.status.Refusal;
import io.j8s.http.EventLoops;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.HttpServer;
import io.j8s.http.ServerConfig;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.meta.v1.Status;
import io.j8s.model.meta.v1.StatusDetails;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// The port of one component, as upstream's has: `/healthz`, `/livez`, `/readyz`, its own `/metrics`, `/configz`, `/flagz` and `/statusz`, for those whom its [ComponentGuard] lets in.
final class ComponentEndpoint implements AutoCloseable {
    private static final Headers TEXT = Headers.of("content-type", "text/plain; charset=utf-8", "x-content-type-options", "nosniff");
    private static final Headers JSON = Headers.of("content-type", "application/json", "x-content-type-options", "nosniff");
    private static final Headers METRICS = Headers.of("content-type", MetricRegistry.CONTENT_TYPE);
    private final HttpServer server;
    private final Map<String, BooleanSupplier> checks;
    private final Supplier<String> metrics;
    private final Map<String, StatusPages.Page> pages;
    private final Supplier<List<String>> healthChecks;
    private final ComponentGuard guard;

    /// @param checks what must hold, by path (`/healthz`, …)
    /// @param healthChecks the names of what `/healthz?verbose` looks at
    /// @param pages further ones, by path (`/configz`)
    ComponentEndpoint(EventLoops loops, ServerConfig config, Timeline timeline, ComponentGuard guard, Map<String, BooleanSupplier> checks, MetricRegistry metrics,
            Supplier<List<String>> healthChecks, Map<String, StatusPages.Page> pages) throws IOException {
        this.guard = guard;
        this.healthChecks = healthChecks;
        this.pages = Map.copyOf(pages);
        this.checks = Map.copyOf(checks);
        this.metrics = metrics::text;
        this.server = HttpServer.start(loops, config, timeline, this::answer);
    }

    private void answer(Exchange exchange) throws IOException {
        switch (guard.judge(exchange)) {
            case ComponentGuard.Verdict.Allowed allowed -> serve(exchange);
            case ComponentGuard.Verdict.Unknown unknown -> exchange.answer(401, JSON, status("Unauthorized", "Unauthorized", 401));
            case ComponentGuard.Verdict.Refused(var user, String verb) -> exchange.answer(403, JSON,
                    status("forbidden: User \"" + user.name() + "\" cannot " + verb + " path \"" + exchange.path() + "\"", "Forbidden", 403));
        }
    }

    private static byte[] status(String message, String reason, int code) {
        return Json.write(Objects.typed(Status.EMPTY.withStatus("Failure").withMessage(message).withReason(reason).withDetails(StatusDetails.EMPTY).withCode(code)));
    }

    private void serve(Exchange exchange) throws IOException {
        BooleanSupplier check = checks.get(exchange.path());
        if (check != null) {
            health(exchange, check.getAsBoolean());
        } else if (exchange.path().equals("/metrics")) {
            exchange.answer(200, METRICS, bytes(metrics.get()));
        } else if (pages.get(exchange.path()) instanceof StatusPages.Page page) {
            try {
                page.answer(exchange);
            } catch (Refusal e) {
                exchange.answer(e.code(), TEXT, bytes(e.getMessage() + "\n"));
            }
        } else {
            exchange.answer(404, TEXT, bytes("404 page not found\n"));
        }
    }

    /// With `?verbose` each check is named.
    private void health(Exchange exchange, boolean holds) throws IOException {
        String name = exchange.path().substring(1);
        if (!holds) {
            exchange.answer(500, TEXT, bytes(name + " check failed"));
        } else if (List.of(exchange.query().split("&", -1)).stream().anyMatch(p -> p.equals("verbose") || p.startsWith("verbose="))) {
            StringBuilder text = new StringBuilder();
            List<String> named = exchange.path().equals("/healthz") ? healthChecks.get() : List.of("ping");
            named.forEach(one -> text.append("[+]").append(one).append(" ok\n"));
            exchange.answer(200, TEXT, bytes(text + name + " check passed\n"));
        } else {
            exchange.answer(200, TEXT, bytes("ok"));
        }
    }

    /// A page in JSON.
    static StatusPages.Page document(Supplier<String> text) {
        return exchange -> exchange.answer(200, JSON, bytes(text.get()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.close();
    }
}
