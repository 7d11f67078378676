package io.j8s.network.proxy;

import io.j8s.client.ObjectKey;
import io.j8s.http.EventLoops;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.HttpServer;
import io.j8s.http.ServerConfig;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ports at which load balancers ask whether this node has endpoints of a service (`spec.healthCheckNodePort`, of services of the type LoadBalancer with the external traffic policy
/// Local): 200 when it has, 503 when it has none. [#put] is called by one thread.
final class HealthNodePorts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthNodePorts.class);
    private final EventLoops loops;
    private final Timeline timeline;
    private final ProxyHealth health;
    private final Map<ObjectKey, Open> open = new ConcurrentHashMap<>();

    private record Open(int port, HttpServer server) {}

    private final Map<ObjectKey, Integer> endpoints = new ConcurrentHashMap<>();

    HealthNodePorts(EventLoops loops, Timeline timeline, ProxyHealth health) {
        this.loops = loops;
        this.timeline = timeline;
        this.health = health;
    }

    /// @param port 0: the service has none (any more)
    /// @param local how many endpoints of it are on this node
    void put(ObjectKey service, int port, int local) {
        endpoints.put(service, local);
        Open known = open.get(service);
        if (known != null && known.port() != port) {
            open.remove(service);
            known.server().close();
        }
        if (port == 0) {
            endpoints.remove(service);
        } else if (!open.containsKey(service)) {
            try {
                open.put(service, new Open(port, HttpServer.start(loops, ServerConfig.plaintext("0.0.0.0", port), timeline, exchange -> answer(exchange, service))));
            } catch (IOException e) {
                LOG.error("the health of service {} cannot be told at port {}: {}", service, port, e.getMessage());
            }
        }
    }

    private void answer(Exchange exchange, ObjectKey service) throws IOException {
        int local = endpoints.getOrDefault(service, 0);
        boolean proxy = health.live(timeline.now());
        Headers headers = Headers.of("content-type", "application/json", "x-content-type-options", "nosniff", "x-load-balancing-endpoint-weight", Integer.toString(local));
        String body = """
                {
                	"service": {
                		"namespace": "%s",
                		"name": "%s"
                	},
                	"localEndpoints": %d,
                	"serviceProxyHealthy": %s
                }""".formatted(service.namespace(), service.name(), local, proxy);
        exchange.answer(local > 0 && proxy ? 200 : 503, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        open.values().forEach(each -> each.server().close());
    }
}
