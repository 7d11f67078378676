package io.j8s.cluster.server;

import io.j8s.http.EventLoops;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.HttpServer;
import io.j8s.http.ServerConfig;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// The port of one component, as upstream's has: `/healthz`, `/livez`, `/readyz` and its own `/metrics`. It listens on the loopback interface only, as metrics
/// tell much about a cluster.
final class ComponentEndpoint implements AutoCloseable {
    private static final Headers TEXT = Headers.of("content-type", "text/plain; charset=utf-8", "x-content-type-options", "nosniff");
    private static final Headers JSON = Headers.of("content-type", "application/json", "x-content-type-options", "nosniff");
    private static final Headers METRICS = Headers.of("content-type", MetricRegistry.CONTENT_TYPE);
    private final HttpServer server;
    private final Map<String, BooleanSupplier> checks;
    private final Supplier<String> metrics;
    private final Map<String, Supplier<String>> documents;

    /// @param checks what must hold, by path (`/healthz`, …)
    ComponentEndpoint(EventLoops loops, ServerConfig config, Timeline timeline, Map<String, BooleanSupplier> checks, MetricRegistry metrics) throws IOException {
        this(loops, config, timeline, checks, metrics, Map.of());
    }

    /// @param documents further pages in JSON, by path (`/configz`)
    ComponentEndpoint(EventLoops loops, ServerConfig config, Timeline timeline, Map<String, BooleanSupplier> checks, MetricRegistry metrics,
            Map<String, Supplier<String>> documents) throws IOException {
        this.documents = Map.copyOf(documents);
        this.checks = Map.copyOf(checks);
        this.metrics = metrics::text;
        this.server = HttpServer.start(loops, config, timeline, this::answer);
    }

    private void answer(Exchange exchange) throws IOException {
        BooleanSupplier check = checks.get(exchange.path());
        if (check != null) {
            boolean holds = check.getAsBoolean();
            exchange.answer(holds ? 200 : 500, TEXT, bytes(holds ? "ok" : exchange.path().substring(1) + " check failed"));
        } else if (exchange.path().equals("/metrics")) {
            exchange.answer(200, METRICS, bytes(metrics.get()));
        } else if (documents.get(exchange.path()) instanceof Supplier<String> document) {
            exchange.answer(200, JSON, bytes(document.get()));
        } else {
            exchange.answer(404, TEXT, bytes("404 page not found: there are /healthz, /livez, /readyz and /metrics\n"));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.close();
    }
}
