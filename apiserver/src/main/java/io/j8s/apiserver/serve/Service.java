package io.j8s.apiserver.serve;

import io.j8s.apiserver.audit.Auditor;
import io.j8s.apiserver.authentication.Authenticator;
import io.j8s.apiserver.discovery.Discovery;
import io.j8s.apiserver.encoding.ObjectBytes;
import io.j8s.apiserver.flow.FlowControl;
import io.j8s.apiserver.metrics.MetricsPage;
import io.j8s.apiserver.metrics.RequestMetrics;
import io.j8s.apiserver.operation.Engine;
import io.j8s.apiserver.operation.Reads;
import io.j8s.apiserver.operation.Writes;
import io.j8s.apiserver.registry.ResourceTable;
import io.j8s.apiserver.resource.Resource;
import io.j8s.http.Handler;
import io.j8s.http.Headers;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// All that answers requests: routes to resources, other paths, and the chain in front of them.
public final class Service {

    /// Upstream's defaults of --max-requests-inflight and --max-mutating-requests-inflight together.
    private static final int CONCURRENT_REQUESTS = 600;

    /// What is done before the first request is taken, under upstream's names.
    private static final List<String> STARTED_BEFORE_SERVING = List.of(
            "apiservice-discovery-controller", "apiservice-openapi-controller", "apiservice-openapiv3-controller", "apiservice-registration-controller",
            "apiservice-status-local-available-controller", "apiservice-status-remote-available-controller", "bootstrap-controller", "crd-informer-synced",
            "generic-apiserver-start-informers", "kube-apiserver-autoregistration", "peer-endpoint-reconciler-controller", "priority-and-fairness-config-consumer",
            "priority-and-fairness-config-producer", "priority-and-fairness-filter", "rbac/bootstrap-roles", "scheduling/bootstrap-system-priority-classes",
            "start-apiextensions-controllers", "start-apiextensions-informers", "start-apiserver-admission-initializer", "start-cluster-authentication-info-controller",
            "start-kube-aggregator-informers", "start-kube-apiserver-identity-lease-controller", "start-kube-apiserver-identity-lease-garbage-collector",
            "start-kubernetes-service-cidr-controller", "start-legacy-token-tracking-controller", "start-service-ip-repair-controllers", "start-system-namespaces-controller",
            "storage-object-count-tracker-hook", "storage-readiness");

    private final Engine engine;
    private final Routes routes;
    private final Paths paths = new Paths();
    private final HealthPaths health = new HealthPaths();
    private final Handler handler;
    private volatile Discovery discovery;
    private volatile boolean stopping;
    private volatile String address = "";
    private volatile Elsewhere elsewhere = Elsewhere.NOWHERE;

    /// @param resources those that are served from the beginning; their tables are loaded
    public Service(Engine engine, Authenticator authenticator, Auditor auditor, List<Resource<?>> resources, long keptJsonBytes) {
        this.engine = engine;
        Parts parts = new Parts(engine, new Reads(engine), new Writes(engine), new ObjectBytes(keptJsonBytes));
        this.routes = new Routes(parts);
        resources.forEach(routes::add);
        this.discovery = Discovery.of(resources);
        RequestMetrics metrics = new RequestMetrics();
        this.handler = new ApiHandler(
                authenticator, engine.authorizer(), auditor, new FlowControl(engine.tables(), engine.timeline(), CONCURRENT_REQUESTS), metrics, routes, paths, engine.timeline(), () -> elsewhere);
        new DiscoveryPaths(() -> discovery, () -> address).register(paths);
        new VersionPath().register(paths);
        MetricsPage page = new MetricsPage(metrics, this::objectCounts);
        PathHandler metricsHandler = exchange -> exchange.answer(200, Headers.of("content-type", MetricsPage.CONTENT_TYPE), page.text());
        paths.add("/metrics", metricsHandler);
        paths.add("/metrics/slis", metricsHandler);
        health.register(paths);
        health.addLive("ping", () -> true);
        health.addLive("log", () -> true);
        health.addReady("informer-sync", () -> true);
        health.addReady("shutdown", () -> !stopping);
        health.addLive("autoregister-completion", () -> true);
        for (String hook : STARTED_BEFORE_SERVING) {
            health.addLive("poststarthook/" + hook, () -> true);
        }
        paths.add("/", exchange -> RootPath.answer(exchange, paths, discovery));
    }

    /// From now on the server is not ready: whoever spreads requests is to send them elsewhere.
    public void stopping() {
        stopping = true;
    }

    public Engine engine() {
        return engine;
    }

    public Routes routes() {
        return routes;
    }

    public Handler handler() {
        return handler;
    }

    public Paths paths() {
        return paths;
    }

    public HealthPaths health() {
        return health;
    }

    private SortedMap<String, Integer> objectCounts() {
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (Resource<?> resource : routes.resources()) {
            ResourceTable<?> table = resource.virtual() == null ? engine.tables().tableOf(resource.hub()) : null;
            if (table != null) {
                counts.put(resource.hub().qualifiedName(), table.view().size());
            }
        }
        return counts;
    }

    /// The address that discovery tells clients.
    public void listeningOn(String hostAndPort) {
        address = hostAndPort;
    }

    /// Serves one more resource.
    public synchronized void serve(Resource<?> resource) {
        if (resource.virtual() == null) {
            engine.tables().add(resource);
        }
        routes.add(resource);
        rediscover();
    }

    /// From now on these groups and versions are served elsewhere.
    public synchronized void elsewhere(Elsewhere ways) {
        elsewhere = ways;
        rediscover();
    }

    /// What is served, here or elsewhere, has changed.
    public synchronized void rediscover() {
        discovery = Discovery.of(routes.resources(), elsewhere.versions());
    }

    public synchronized void withdraw(Resource<?> resource) {
        routes.remove(resource);
        rediscover();
        engine.tables().remove(resource);
    }
}
