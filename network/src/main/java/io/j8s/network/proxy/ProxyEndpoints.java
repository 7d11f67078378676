package io.j8s.network.proxy;

import io.j8s.http.EventLoops;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.HttpServer;
import io.j8s.http.Listen;
import io.j8s.http.ServerConfig;
import io.j8s.http.ServerLimits;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.MetricRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What kube-proxy answers over plain HTTP: its health for load balancers (upstream: port 10256), its metrics and mode for operators (10249).
public final class ProxyEndpoints implements AutoCloseable {
    private static final Headers TEXT = Headers.of("content-type", "text/plain; charset=utf-8", "x-content-type-options", "nosniff");
    private static final Headers JSON = Headers.of("content-type", "application/json", "x-content-type-options", "nosniff");
    private static final Headers METRICS = Headers.of("content-type", MetricRegistry.CONTENT_TYPE);
    private final ProxyHealth health;
    private final MetricRegistry registry;
    private final Counter healthAnswers;
    private final Counter liveAnswers;
    private final Timeline timeline;
    private final List<HttpServer> servers = new ArrayList<>();

    /// @param healthAddress null: nowhere
    /// @param metricsAddress null: nowhere
    public ProxyEndpoints(EventLoops loops, Timeline timeline, ProxyHealth health, MetricRegistry registry, Listen.@Nullable Tcp healthAddress, Listen.@Nullable Tcp metricsAddress)
            throws IOException {
        this.health = health;
        this.registry = registry;
        this.timeline = timeline;
        healthAnswers = registry.counter("kubeproxy_proxy_healthz_total", "Cumulative proxy healthz HTTP status", "code");
        liveAnswers = registry.counter("kubeproxy_proxy_livez_total", "Cumulative proxy livez HTTP status", "code");
        try {
            if (healthAddress != null) {
                servers.add(HttpServer.start(loops, new ServerConfig(healthAddress, null, ServerLimits.DEFAULT), timeline, this::health));
            }
            if (metricsAddress != null) {
                servers.add(HttpServer.start(loops, new ServerConfig(metricsAddress, null, ServerLimits.DEFAULT), timeline, this::metrics));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void health(Exchange exchange) throws IOException {
        Instant now = timeline.now();
        switch (exchange.path()) {
            case "/healthz" -> report(exchange, healthAnswers, health.live(now) && health.eligible(), health.report(now, true));
            case "/livez" -> report(exchange, liveAnswers, health.live(now), health.report(now, false));
            default -> exchange.answer(404, TEXT, bytes("404 page not found\n"));
        }
    }

    private static void report(Exchange exchange, Counter counter, boolean well, byte[] report) throws IOException {
        int code = well ? 200 : 503;
        counter.increment(Integer.toString(code));
        exchange.answer(code, JSON, report);
    }

    private void metrics(Exchange exchange) throws IOException {
        switch (exchange.path()) {
            case "/metrics" -> exchange.answer(200, METRICS, bytes(registry.text()));
            case "/proxyMode" -> exchange.answer(200, TEXT, bytes("nftables"));
            case "/healthz" -> exchange.answer(200, TEXT, bytes("ok"));
            default -> exchange.answer(404, TEXT, bytes("404 page not found\n"));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        servers.forEach(HttpServer::close);
    }
}
