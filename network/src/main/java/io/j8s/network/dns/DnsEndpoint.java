package io.j8s.network.dns;

import io.j8s.http.EventLoops;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.HttpServer;
import io.j8s.http.Listen;
import io.j8s.http.ServerConfig;
import io.j8s.http.ServerLimits;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The figures of cluster DNS over plain HTTP (CoreDNS: port 9153).
public final class DnsEndpoint implements AutoCloseable {
    private static final Headers METRICS = Headers.of("content-type", MetricRegistry.CONTENT_TYPE);
    private static final Headers TEXT = Headers.of("content-type", "text/plain; charset=utf-8");
    private final HttpServer server;
    private final MetricRegistry registry;

    public DnsEndpoint(EventLoops loops, Timeline timeline, Listen.Tcp address, MetricRegistry registry) throws IOException {
        this.registry = registry;
        this.server = HttpServer.start(loops, new ServerConfig(address, null, ServerLimits.DEFAULT), timeline, this::handle);
    }

    private void handle(Exchange exchange) throws IOException {
        if (exchange.path().equals("/metrics")) {
            exchange.answer(200, METRICS, registry.text().getBytes(StandardCharsets.UTF_8));
        } else {
            exchange.answer(404, TEXT, "404 page not found\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
