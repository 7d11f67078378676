package io.j8s.apiserver.serve;

import io.j8s.apiserver.audit.Auditor;
import io.j8s.apiserver.authentication.Authenticator;
import io.j8s.apiserver.discovery.Discovery;
import io.j8s.apiserver.discovery.ForeignDocuments;
import io.j8s.apiserver.discovery.ForeignVersion;
import io.j8s.apiserver.encoding.ObjectBytes;
import io.j8s.apiserver.flow.FlowControl;
import io.j8s.apiserver.flow.FlowPages;
import io.j8s.apiserver.flow.FlowSettings;
import io.j8s.apiserver.flow.InFlightLimits;
import io.j8s.apiserver.metrics.AccessMetrics;
import io.j8s.apiserver.metrics.HealthMetrics;
import io.j8s.apiserver.metrics.ImpersonationMetrics;
import io.j8s.apiserver.metrics.MetricsPage;
import io.j8s.apiserver.metrics.RequestMetrics;
import io.j8s.apiserver.metrics.TableMetrics;
import io.j8s.apiserver.metrics.WatchMetrics;
import io.j8s.apiserver.operation.Engine;
import io.j8s.apiserver.operation.Reads;
import io.j8s.apiserver.operation.Writes;
import io.j8s.apiserver.registry.ResourceTable;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.tracing.Tracer;
import io.j8s.http.Handler;
import io.j8s.http.Headers;
import io.j8s.http.HttpServer;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.MetricRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// All that answers requests: routes to resources, other paths, and the chain in front of them.
public final class Service {

    /// Of the time that a request has, it waits for its turn at most this part.
    private static final int WAITING_SHARE = 4;

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
    private final HealthPaths health;
    private final Edge edge;
    private final MetricsPage metricsPage;
    private final MetricRegistry metrics;
    private final Counter.Series aggregations;
    /// Groups and versions of built-in resources that are not served, though they are announced.
    private final Set<String> turnedOff;
    private volatile Discovery discovery;
    private volatile boolean stopping;
    private volatile String address = "";
    private volatile Elsewhere elsewhere = Elsewhere.NOWHERE;

    /// @param resources those that are served from the beginning; their tables are loaded
    public Service(Engine engine, Authenticator authenticator, Auditor auditor, List<Resource<?>> resources, long keptJsonBytes, FlowSettings flowSettings, EdgeSettings edgeSettings,
            ServedApis served, FeatureGates gates, MetricRegistry registry, Tracer tracer) {
        this.engine = engine;
        this.metrics = registry;
        this.aggregations = aggregations(registry);
        OpenWatches watches = new OpenWatches();
        Parts parts = new Parts(engine, new Reads(engine), new Writes(engine), new ObjectBytes(keptJsonBytes), new WatchMetrics(registry), watches, edgeSettings.shortestWatch(), gates);
        this.routes = new Routes(parts);
        List<Resource<?>> offered = resources.stream().<Resource<?>>map(resource -> resource.serving(served)).toList();
        offered.forEach(routes::add);
        this.turnedOff = turnedOff(resources, offered);
        this.discovery = Discovery.of(routes.resources());
        this.health = new HealthPaths(new HealthMetrics(registry));
        MetricsPage page = new MetricsPage(registry);
        this.metricsPage = page;
        engine.storage().tables().states(registry, this::tableStates);
        gates.measure(registry);
        ApiHandler handler = new ApiHandler(authenticator, engine.authorizer(), auditor, flow(flowSettings, edgeSettings.requestTimeout().dividedBy(WAITING_SHARE), registry),
                new RequestMetrics(registry, engine.timeline()), new AccessMetrics(registry), new ImpersonationMetrics(registry), tracer, routes, paths, engine.timeline(), () -> elsewhere, parts.mediaTypes(true));
        this.edge = new Edge(edgeSettings, engine.timeline(), handler, watches);
        new DiscoveryPaths(() -> discovery, () -> address).register(paths);
        new VersionPath().register(paths);
        DebugPaths.register(paths);
        if (gates.enabled(FeatureGates.STATUSZ)) {
            StatusPages.status(paths, engine.timeline());
        }
        paths.addExactly("/metrics", metricsPage(registry, page::text));
        paths.addExactly("/metrics/slis", metricsPage(registry, page::slis));
        health.register(paths);
        health.addLive("ping", () -> true);
        health.addLive("log", () -> true);
        health.addOnlyLive("loopback-serving-certificate", () -> true);
        health.addReady("informer-sync", () -> true);
        health.addReady("shutdown", () -> !stopping);
        health.addLive("autoregister-completion", () -> true);
        for (String hook : STARTED_BEFORE_SERVING) {
            health.addLive("poststarthook/" + hook, () -> true);
        }
        paths.add("/", exchange -> RootPath.answer(exchange, paths, health.names(), discovery));
    }

    /// Answers with a page of metrics; a DELETE sets what is counted to zero, as upstream's does.
    private static PathHandler metricsPage(MetricRegistry registry, Supplier<byte[]> page) {
        Headers told = Headers.of("content-type", MetricsPage.CONTENT_TYPE, "process-start-time-unix",
                Long.toString(ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH).getEpochSecond()));
        return exchange -> {
            if (exchange.method().equals("DELETE")) {
                registry.reset();
                exchange.answer(200, Headers.of("content-type", "text/plain; charset=utf-8", "x-content-type-options", "nosniff"), "metrics reset\n".getBytes(StandardCharsets.UTF_8));
            } else {
                exchange.answer(200, told, page.get());
            }
        };
    }

    /// From now on the server is not ready: whoever spreads requests is to send them elsewhere.
    public void stopping() {
        stopping = true;
    }

    private static Set<String> turnedOff(List<Resource<?>> all, List<Resource<?>> offered) {
        Set<String> off = new HashSet<>(places(all));
        off.removeAll(places(offered));
        return off;
    }

    private static Set<String> places(List<Resource<?>> resources) {
        Set<String> places = new HashSet<>();
        resources.forEach(resource -> resource.versions().forEach(version -> places.add(version.resource().group() + "/" + version.resource().version())));
        return places;
    }

    /// Ends what serves over HTTP so that no request fails that was taken. Blocks until it is closed.
    public void end(HttpServer http) {
        stopping();
        edge.end(http);
        edge.close();
    }

    private ApiHandler.Entry flow(FlowSettings settings, Duration longestWait, MetricRegistry registry) {
        if (!settings.fair()) {
            return new InFlightLimits(settings)::enter;
        }
        FlowControl flow = new FlowControl(engine.tables(), engine.timeline(), settings.reading() + settings.mutating(), this::stored, longestWait, registry);
        FlowPages pages = new FlowPages(flow);
        pages.register(registry);
        Headers plain = Headers.of("content-type", "text/plain; charset=utf-8", "x-content-type-options", "nosniff");
        paths.add(FlowPages.BELOW + "dump_priority_levels", exchange -> exchange.answer(200, plain, pages.levels().getBytes(StandardCharsets.UTF_8)));
        paths.add(FlowPages.BELOW + "dump_queues", exchange -> exchange.answer(200, plain, pages.queues().getBytes(StandardCharsets.UTF_8)));
        paths.add(FlowPages.BELOW + "dump_requests", exchange -> exchange.answer(200, plain, pages.requests().getBytes(StandardCharsets.UTF_8)));
        return flow::enter;
    }

    /// How many objects of the request's resource there are.
    private int stored(RequestInfo info) {
        Routes.Served<?> served = routes.served(info.group(), info.version(), info.resource());
        ResourceTable<?> table = served == null || served.resource().virtual() != null ? null : engine.tables().tableOf(served.resource().hub());
        return table == null ? 0 : table.view().size();
    }

    public Engine engine() {
        return engine;
    }

    public Routes routes() {
        return routes;
    }

    public Handler handler() {
        return edge;
    }

    public Paths paths() {
        return paths;
    }

    /// What the server counts.
    public MetricRegistry metrics() {
        return metrics;
    }

    /// How often discovery was put together. Nothing is asked of other API servers of the same cluster, so what upstream counts of that stays at zero.
    private static Counter.Series aggregations(MetricRegistry registry) {
        registry.counter("aggregator_discovery_nopeer_requests_total", "[ALPHA] Counter of number of times no-peer (non peer-aggregated) discovery was requested");
        registry.counter("aggregator_discovery_peer_aggregated_cache_hits_total", "[ALPHA] Counter of number of times discovery was served from peer-aggregated cache");
        registry.counter("aggregator_discovery_peer_aggregated_cache_misses_total", "[ALPHA] Counter of number of times discovery was aggregated across all API servers");
        return registry.counter("aggregator_discovery_aggregation_count_total", "[ALPHA] Counter of number of times discovery was aggregated").at();
    }

    /// What `/metrics` shows.
    public MetricsPage metricsPage() {
        return metricsPage;
    }

    public HealthPaths health() {
        return health;
    }

    private List<TableMetrics.State> tableStates() {
        List<TableMetrics.State> states = new ArrayList<>();
        for (Resource<?> resource : routes.resources()) {
            ResourceTable<?> table = resource.virtual() == null ? engine.tables().tableOf(resource.hub()) : null;
            if (table != null) {
                states.add(new TableMetrics.State(resource.hub().group(), resource.hub().plural(), table.view().size(), table::bytes, table.end(), table.loads(), table.objectsLoaded(),
                        table.capacity(), engine.tables().revision()));
            }
        }
        return states;
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

    /// Serves another declaration of a resource in place of the one that is served; requests meanwhile find the one or the other.
    public synchronized void replace(Resource<?> former, Resource<?> resource) {
        engine.tables().replace(former, resource);
        routes.add(resource);
        routes.removeAbsent(former, resource);
        rediscover();
    }

    /// From now on these groups and versions are served elsewhere.
    public synchronized void elsewhere(Elsewhere ways) {
        elsewhere = ways;
        rediscover();
    }

    /// What other servers document of what they serve.
    public List<ForeignDocuments> documentsElsewhere() {
        return elsewhere.documents();
    }

    /// What is served, here or elsewhere, has changed.
    public synchronized void rediscover() {
        aggregations.increment();
        discovery = Discovery.of(routes.resources(), versionsElsewhere());
    }

    /// What is served elsewhere, or announced.
    public List<ForeignVersion> versionsElsewhere() {
        return elsewhere.versions().stream().filter(version -> !turnedOff.contains(version.group() + "/" + version.version())).toList();
    }

    public synchronized void withdraw(Resource<?> resource) {
        routes.remove(resource);
        rediscover();
        engine.tables().remove(resource);
    }
}
