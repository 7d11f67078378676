package io.j8s.apiserver;

import io.j8s.apiserver.aggregation.Aggregation;
import io.j8s.apiserver.aggregation.AutoRegistration;
import io.j8s.apiserver.aggregation.ServiceMetrics;
import io.j8s.apiserver.audit.Auditing;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.customresources.CustomResources;
import io.j8s.apiserver.metrics.StorageMetrics;
import io.j8s.apiserver.openapi.OpenApi;
import io.j8s.apiserver.openapi.OpenApiPaths;
import io.j8s.apiserver.operation.Engine;
import io.j8s.apiserver.operation.Leases;
import io.j8s.apiserver.operation.Ownership;
import io.j8s.apiserver.registry.Tables;
import io.j8s.apiserver.remote.WebhookClient;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.serve.EdgeSettings;
import io.j8s.apiserver.serve.HealthPaths;
import io.j8s.apiserver.serve.Paths;
import io.j8s.apiserver.serve.Service;
import io.j8s.client.Client;
import io.j8s.client.Discovery;
import io.j8s.http.EventLoops;
import io.j8s.http.HttpServer;
import io.j8s.http.Listen;
import io.j8s.http.ServerConfig;
import io.j8s.http.ServerLimits;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import io.j8s.store.Store;
import io.j8s.store.StoreUnavailableException;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A running API server over a store: HTTPS in front, and the same chain for clients in this process. It runs no controllers.
///
/// In the order of their start: tables (loaded from the store), seams, services, default objects, HTTP. Closed in reverse.
public final class ApiServer implements AutoCloseable {

    private final Tables tables;
    private final Service service;
    private final Guards guards;
    private final CustomResources custom;
    private final Followers followers;
    private final Compactor compactor;
    private final EventLoops loops;
    private @Nullable HttpServer http;

    private ApiServer(Tables tables, Service service, Guards guards, CustomResources custom, Followers followers, Compactor compactor, EventLoops loops) {
        this.tables = tables;
        this.service = service;
        this.guards = guards;
        this.custom = custom;
        this.followers = followers;
        this.compactor = compactor;
        this.loops = loops;
    }

    /// Starts; serves when it returns. The store is the caller's and stays open when the server closes.
    ///
    /// @throws IOException when the address cannot be taken
    public static ApiServer start(ApiServerConfig config, Store store, Timeline timeline) throws IOException {
        ApiServer server = startInProcess(config, store, timeline);
        try {
            server.listen(config, timeline);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void listen(ApiServerConfig config, Timeline timeline) throws IOException {
        EdgeSettings edge = config.operating().edge();
        ServerConfig listen = new ServerConfig(new Listen.Tcp(config.host(), config.port(), edge.sharedPort()), config.tls(),
                ServerLimits.DEFAULT.withStreamsPerConnection(edge.streamsPerConnection()));
        HttpServer started = HttpServer.start(loops, listen, timeline, service.handler());
        http = started;
        service.metrics().counterFrom("apiserver_tls_handshake_errors_total", "[ALPHA] Number of requests dropped with 'TLS handshake error from' error").of(started::failedHandshakes);
        service.listeningOn((edge.externalAddress().isEmpty() ? config.host() : edge.externalAddress()) + ":" + started.port());
    }

    /// Starts without an address: only clients in this process reach it ([#client], [#discovery]). All of it then runs on the given timeline, a simulated one, too.
    public static ApiServer startInProcess(ApiServerConfig config, Store store, Timeline timeline) {
        Tables tables = new Tables(store, timeline, stored(config.resources()));
        EventLoops loops = EventLoops.forThisMachine();
        LateWriter writer = new LateWriter();
        MetricRegistry metrics = new MetricRegistry();
        config.operating().disabledMetrics().forEach(metrics::disable);
        ServerFacts.register(metrics);
        config.resources().forEach(resource -> resource.measure(metrics, tables, timeline));
        metrics.gauge("apiserver_storage_size_bytes", "[STABLE] Size of the storage database file physically allocated in bytes.", "storage_cluster_id").of(store::sizeBytes, "etcd-0");
        Auditing.register(metrics);
        Guards guards = config.guards().apply(new Foundation(tables, writer, timeline, loops, config.resources(), metrics));
        Engine engine = new Engine(tables, timeline, guards.admission(), guards.authorizer(), new Ownership(), new Leases(store, timeline, config.operating().leaseReuse()), new StorageMetrics(metrics));
        writer.writeThrough(engine);
        Service service = new Service(engine, guards.authenticator(), guards.auditor(), guards.resources(), config.keptJsonBytes(), config.operating().flow(), config.operating().edge(),
                config.operating().served(), config.operating().gates(), metrics, config.operating().tracer());
        CustomResources custom = customResources(service, new WebhookClient(tables, loops, timeline, metrics), metrics, timeline);
        new OpenApiPaths(new OpenApi(() -> service.routes().resources(), service::documentsElsewhere, custom, "1.36")).register(service.paths());
        guards.paths().accept(service.paths());
        health(service.health(), store, config.operating());
        DefaultObjects.create(engine, config.resources());
        custom.start(tables.list(CustomResourceDefinition.RESOURCE, ""));
        Aggregation aggregation = new Aggregation(config.operating().aggregation(), tables, own(service), loops, timeline, service::rediscover);
        ServiceMetrics.register(metrics, tables);
        service.elsewhere(aggregation);
        aggregation.start();
        Followers followers = new Followers(aggregation, new AutoRegistration(tables, own(service), timeline));
        return new ApiServer(tables, service, guards, custom, followers, Compactor.start(store, timeline, config.operating().compaction()), loops);
    }

    /// Definitions are followed by the server itself, as one of its masters.
    private static CustomResources customResources(Service service, WebhookClient webhooks, MetricRegistry metrics, Timeline timeline) {
        return new CustomResources(own(service), timeline, webhooks, metrics, new CustomResources.Registry() {
            @Override
            public void serve(Resource<?> resource) {
                service.serve(resource);
            }

            @Override
            public void replace(Resource<?> former, Resource<?> resource) {
                service.replace(former, resource);
            }

            @Override
            public void withdraw(Resource<?> resource) {
                service.withdraw(resource);
            }
        });
    }

    /// That the store answers, asked the way upstream does.
    private static void health(HealthPaths health, Store store, OperatingSettings operating) {
        HealthPaths.Check answers = () -> {
            try {
                store.check(operating.storeCheck());
                return null;
            } catch (StoreUnavailableException e) {
                return "error getting data from etcd: " + (store.shared() ? "context deadline exceeded" : e.getMessage());
            }
        };
        health.addLive("etcd", answers);
        health.addReady("etcd-readiness", answers);
    }

    private static Client own(Service service) {
        return new InProcessClient(service.engine(), service.routes(), User.of("system:apiserver", User.MASTERS), "kube-apiserver");
    }

    private static List<Resource<?>> stored(List<Resource<?>> resources) {
        return resources.stream().filter(resource -> resource.virtual() == null).toList();
    }

    /// @throws IllegalStateException when it is not served at an address
    public int port() {
        HttpServer served = http;
        if (served == null) {
            throw new IllegalStateException("the API server was started without an address");
        }
        return served.port();
    }

    /// A client in this process, for this user: through the same authorization, admission and storage as over HTTPS, but with the server's own objects.
    ///
    /// @param name what the client calls itself; changes are owned under it
    public Client client(User user, String name) {
        return new InProcessClient(service.engine(), service.routes(), user, name);
    }

    /// What is served, asked in this process.
    public Discovery discovery() {
        return new InProcessDiscovery(service);
    }

    /// The server's objects.
    public ClusterState state() {
        return tables;
    }

    /// Handlers at paths that are not resources': more can be added while it runs.
    public Paths paths() {
        return service.paths();
    }

    /// More to be on the page `/metrics`: appends samples in the text format.
    public void addMetrics(Consumer<StringBuilder> samples) {
        service.metricsPage().add(samples);
    }

    public HealthPaths health() {
        return service.health();
    }

    /// Serves one more resource from now on, or another declaration of one that is served.
    public void serve(Resource<?> resource) {
        service.serve(resource);
    }

    /// Stops serving a resource; what is stored of it stays.
    public void withdraw(Resource<?> resource) {
        service.withdraw(resource);
    }

    /// From now on `/readyz` fails, and all else goes on: others are to be asked in its place. [#close] follows.
    public void stopping() {
        service.stopping();
    }

    /// Ends gracefully, as [OperatingSettings#edge] says: blocks until requests under way are answered, and watches ended.
    @Override
    public void close() {
        HttpServer served = http;
        if (served != null) {
            service.end(served);
        }
        followers.close();
        guards.close().run();
        custom.close();
        loops.close();
        compactor.close();
        tables.close();
    }
}
