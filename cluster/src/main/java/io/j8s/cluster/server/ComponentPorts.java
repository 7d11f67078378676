package io.j8s.cluster.server;

import io.j8s.apiserver.ServerFacts;
import io.j8s.apiserver.serve.StatusPages;
import io.j8s.client.Client;
import io.j8s.controllers.ControllerManager;
import io.j8s.http.EventLoops;
import io.j8s.http.ServerConfig;
import io.j8s.http.ServerTls;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// The ports of the control plane's components, as upstream numbers them, on the loopback interface. Each has its own metrics, although it is one process.
final class ComponentPorts implements AutoCloseable {
    private static final int CONTROLLER_MANAGER = 10257;
    private static final int SCHEDULER = 10259;
    /// What needs no permission, as upstream's `--authorization-always-allow-paths`.
    static final List<String> OPEN = List.of("/healthz", "/readyz", "/livez");
    private static final String LOOPBACK = "127.0.0.1";
    private final List<ComponentEndpoint> endpoints;

    private ComponentPorts(List<ComponentEndpoint> endpoints) {
        this.endpoints = endpoints;
    }

    static ComponentPorts open(EventLoops loops, ClusterPki pki, Identities identities, Timeline timeline, ControllerManager controllers,
            MetricRegistry controllerMetrics, MetricRegistry schedulerMetrics) throws IOException {
        ServerTls tls = ServerTls.of(() -> pki.apiServer().identity());
        ServerFacts.register(controllerMetrics);
        ServerFacts.register(schedulerMetrics);
        ComponentEndpoint first = new ComponentEndpoint(loops, ServerConfig.https(LOOPBACK, CONTROLLER_MANAGER, tls), timeline,
                guard(identities.component("system:kube-controller-manager"), pki, timeline), health(controllers::leads), controllerMetrics, controllers::running, Map.of("/statusz", StatusPages.status("kube-controller-manager", ComponentServing.PATHS, timeline)));
        try {
            return new ComponentPorts(List.of(first,
                    new ComponentEndpoint(loops, ServerConfig.https(LOOPBACK, SCHEDULER, tls), timeline,
                            guard(identities.component("system:kube-scheduler"), pki, timeline), health(() -> true), schedulerMetrics, () -> List.of("ping"), Map.of("/statusz", StatusPages.status("kube-scheduler", ComponentServing.PATHS, timeline)))));
        } catch (IOException e) {
            first.close();
            throw e;
        }
    }

    private static ComponentGuard guard(Client client, ClusterPki pki, Timeline timeline) {
        return new ComponentGuard(client, client, timeline, () -> List.of(pki.authority().certificate()), OPEN);
    }

    static Map<String, BooleanSupplier> health(BooleanSupplier ready) {
        return Map.of("/healthz", () -> true, "/livez", () -> true, "/readyz", ready);
    }

    @Override
    public void close() {
        endpoints.forEach(ComponentEndpoint::close);
    }
}
