package io.j8s.network.proxy;

import io.j8s.client.Client;
import io.j8s.client.ListOptions;
import io.j8s.client.ObjectKey;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.informer.Informers;
import io.j8s.http.EventLoops;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeAddress;
import io.j8s.model.core.v1.Service;
import io.j8s.model.discovery.v1.EndpointSlice;
import io.j8s.model.networking.v1.ServiceCIDR;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// kube-proxy for one node: keeps the kernel's nftables in step with Services and EndpointSlices.
///
/// Threads: the informers' threads only note which services changed; one task of its own works out and loads the rules, all that have gathered since its last run
/// in one transaction. When loading fails, or the rules are found missing (somebody flushed the ruleset), everything is made anew.
public final class NftablesProxy implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NftablesProxy.class);
    private static final String SERVICE_NAME = "kubernetes.io/service-name";
    private static final String ANOTHER_PROXY = "service.kubernetes.io/service-proxy-name";
    /// The cluster autoscaler's, on nodes that it is about to remove.
    private static final String TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler";
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    private final Timeline timeline;
    private final ProxySettings settings;
    private final Informers informers;
    private final Informer<Service> services;
    private final Informer<Node> nodes;
    private final Informer<ServiceCIDR> serviceRanges;
    private final Index<EndpointSlice> slicesOfService;
    private final ServicePorts reader;
    private final ProxyState state;
    private final Nft nft;
    private final Conntrack conntrack;
    private final ProxyMetrics metrics;
    private final ProxyHealth health = new ProxyHealth();
    private final HealthNodePorts healthPorts;
    private final Set<ObjectKey> changed = ConcurrentHashMap.newKeySet();
    private final Map<ObjectKey, List<ServicePort>> loaded = new HashMap<>();
    private final Gate work;
    private volatile boolean synced;
    private volatile boolean nodeChanged = true;
    private final Task task;

    private NftablesProxy(Client client, Timeline timeline, ProxySettings settings, MetricRegistry registry, EventLoops loops) {
        this.healthPorts = new HealthNodePorts(loops, timeline, health);
        this.metrics = new ProxyMetrics(registry);
        this.timeline = timeline;
        this.settings = settings;
        this.informers = new Informers(client, timeline);
        this.services = informers.of(Service.RESOURCE);
        Informer<EndpointSlice> slices = informers.of(EndpointSlice.RESOURCE);
        this.nodes = informers.of(Node.RESOURCE, "", ListOptions.fields("metadata.name=" + settings.node()));
        this.slicesOfService = slices.index("service", slice -> List.of(serviceOf(slice).toString()));
        this.serviceRanges = informers.of(ServiceCIDR.RESOURCE);
        this.reader = new ServicePorts(settings.node());
        this.state = new ProxyState(settings.node(), "", frame(null));
        this.nft = new Nft(settings.commandPrefix());
        this.conntrack = new Conntrack(settings.commandPrefix());
        this.work = timeline.gate();
        services.addHandler(Handler.each(service -> {
            metrics.serviceChanged(timeline.now());
            note(new ObjectKey(service.metadata().namespace(), service.metadata().name()));
        }));
        slices.addHandler(Handler.each(slice -> {
            metrics.endpointsChanged(timeline.now());
            note(serviceOf(slice));
        }));
        nodes.addHandler(Handler.each(node -> {
            nodeChanged = true;
            work.signal();
        }));
        serviceRanges.addHandler(Handler.each(range -> {
            nodeChanged = true;
            work.signal();
        }));
        this.task = timeline.start("kube-proxy", this::run);
    }

    /// Starts the proxy; it works until it is closed. Its rules stay when it is closed, so that a restart interrupts nothing: see [#remove].
    ///
    /// @param registry where its metrics are
    /// @param loops for the ports at which load balancers ask for services
    public static NftablesProxy start(Client client, Timeline timeline, ProxySettings settings, MetricRegistry registry, EventLoops loops) {
        return new NftablesProxy(client, timeline, settings, registry, loops);
    }

    /// For [ProxyEndpoints].
    public ProxyHealth health() {
        return health;
    }

    /// Whether the rules have been loaded at least once, and the last attempt to change them succeeded.
    public boolean healthy() {
        return synced;
    }

    /// Waits until [#healthy], at most so long.
    public boolean awaitHealthy(Duration atMost) throws InterruptedException {
        return work.await(() -> synced, atMost);
    }

    /// Removes all rules that a proxy has made (`kube-proxy --cleanup`).
    public static void remove(List<String> commandPrefix) throws IOException, InterruptedException {
        Nft nft = new Nft(commandPrefix);
        for (Family family : Family.values()) {
            nft.run(RulesetDiff.removal(family));
        }
    }

    private static ObjectKey serviceOf(EndpointSlice slice) {
        return new ObjectKey(slice.metadata().namespace(), slice.metadata().labels().getOrDefault(SERVICE_NAME, ""));
    }

    private void note(ObjectKey service) {
        changed.add(service);
        health.queued(timeline.now());
        work.signal();
    }

    private void run() throws InterruptedException {
        informers.start();
        informers.awaitSynced();
        Duration retry = FIRST_RETRY;
        boolean first = true;
        while (true) {
            boolean woken = first || work.await(() -> !changed.isEmpty() || nodeChanged, settings.syncPeriod());
            first = false;
            try {
                if (!woken && !nft.holds("services")) {
                    LOG.warn("the rules for services are gone from the kernel (a firewall was reloaded?); making them anew");
                    state.invalidate();
                }
                synchronize();
                retry = FIRST_RETRY;
                if (settings.minSyncPeriod().isPositive()) {
                    timeline.sleep(settings.minSyncPeriod());
                }
            } catch (IOException e) {
                synced = false;
                metrics.failed();
                LOG.error("rules for services could not be loaded, trying again in {}: {}", retry, e.getMessage());
                state.invalidate();
                timeline.sleep(retry);
                retry = retry.multipliedBy(2).compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : retry.multipliedBy(2);
                first = true;
            }
        }
    }

    private void synchronize() throws IOException, InterruptedException {
        long begun = timeline.nanoTime();
        nodeChanged = false;
        Node node = nodes.lister().get("", settings.node());
        health.nodeEligible(node != null && node.metadata().deletionTimestamp() == null && node.spec().taints().stream().noneMatch(t -> t.key().equals(TO_BE_DELETED)));
        state.frame(frame(node));
        state.zone(node == null ? "" : node.metadata().labels().getOrDefault("topology.kubernetes.io/zone", ""));
        Map<ObjectKey, List<ServicePort>> now = new HashMap<>();
        for (ObjectKey key : Set.copyOf(changed)) {
            changed.remove(key);
            List<ServicePort> ports = ports(key);
            now.put(key, ports);
            state.put(key.toString(), ports);
        }
        boolean everything = state.fresh();
        ProxyState.Change change = state.next();
        if (!change.commands().isEmpty()) {
            nft.run(change.commands());
        }
        change.done().run();
        for (Map.Entry<ObjectKey, List<ServicePort>> entry : now.entrySet()) {
            List<ServicePort> before = entry.getValue().isEmpty() ? loaded.remove(entry.getKey()) : loaded.put(entry.getKey(), entry.getValue());
            forgetFlows(before == null ? List.of() : before, entry.getValue());
            tellHealth(entry.getKey(), entry.getValue());
        }
        synced = true;
        health.updated(timeline.now());
        metrics.synced(everything, Duration.ofNanos(timeline.nanoTime() - begun), timeline.now());
        work.signal();
    }

    /// What all services share; node ports on the node's own addresses only can be served once these are known.
    private Frame frame(@Nullable Node node) {
        List<String> ranges = settings.nodePortAddresses();
        if (ranges.equals(List.of(ProxySettings.PRIMARY))) {
            ranges = node == null ? List.of() : node.status().addresses().stream().filter(a -> a.type().equals("InternalIP")).map(NodeAddress::address).toList();
        }
        List<String> services = serviceRanges.lister().list().stream().flatMap(range -> range.spec().cidrs().stream()).sorted().distinct().toList();
        return new Frame(settings.local(), settings.masqueradeBit(), ranges, services);
    }

    private void tellHealth(ObjectKey key, List<ServicePort> ports) {
        Service service = services.lister().get(key);
        boolean asked = service != null && service.spec().type().equals("LoadBalancer") && service.spec().externalTrafficPolicy().equals("Local");
        long local = ports.stream().flatMap(port -> port.endpoints().stream()).filter(e -> e.local() && e.ready()).map(Endpoint::address).distinct().count();
        healthPorts.put(key, asked && service != null ? service.spec().healthCheckNodePort() : 0, (int) local);
    }

    private List<ServicePort> ports(ObjectKey key) {
        Service service = services.lister().get(key);
        if (service == null || service.metadata().labels().containsKey(ANOTHER_PROXY)) {
            return List.of();
        }
        return reader.of(service, slicesOfService.get(key.toString()));
    }

    /// UDP flows to endpoints that are gone, or to a service that had none until now, are forgotten.
    private void forgetFlows(List<ServicePort> before, List<ServicePort> after) throws InterruptedException {
        for (ServicePort old : before) {
            if (!old.protocol().equals("udp")) {
                continue;
            }
            List<ServicePort> same = after.stream().filter(port -> port.id().equals(old.id()) && port.clusterIp().equals(old.clusterIp())).toList();
            Set<String> still = new HashSet<>();
            same.forEach(port -> port.endpoints().forEach(endpoint -> still.add(endpoint.address())));
            if (old.endpoints().isEmpty() && !still.isEmpty()) {
                forget(old, "");
            }
            for (Endpoint endpoint : old.endpoints()) {
                if (!still.contains(endpoint.address())) {
                    forget(old, endpoint.address());
                }
            }
        }
    }

    /// At every address that leads to the service.
    private void forget(ServicePort port, String endpoint) throws InterruptedException {
        List<String> addresses = new ArrayList<>(List.of(port.clusterIp()));
        addresses.addAll(port.externalIps());
        addresses.addAll(port.loadBalancerIps());
        for (String address : addresses) {
            conntrack.forget("udp", address, port.port(), endpoint);
        }
        if (port.nodePort() != 0) {
            conntrack.forgetNodePort("udp", Family.of(port.clusterIp()), port.nodePort(), endpoint);
        }
    }

    @Override
    public void close() {
        task.close();
        informers.close();
        healthPorts.close();
    }
}
