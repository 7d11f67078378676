package io.j8s.cluster.server;

import io.j8s.apiserver.ApiServer;
import io.j8s.apiserver.authentication.serviceaccount.ServiceAccountKeys;
import io.j8s.apiserver.security.SecuritySettings;
import io.j8s.apiserver.streaming.KubeletSettings;
import io.j8s.client.Client;
import io.j8s.client.leader.LeaderSettings;
import io.j8s.cluster.host.DataDirectory;
import io.j8s.controllers.ControllerManager;
import io.j8s.controllers.cloud.AddressPool;
import io.j8s.node.simulated.SimulatedNodes;
import io.j8s.node.simulated.Simulation;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import io.j8s.scheduler.Scheduler;
import io.j8s.scheduler.SchedulerConfig;
import io.j8s.store.LocalStore;
import io.j8s.store.Store;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parts of [Server] that need no sockets, on a timeline that may be simulated: the same API server with all its guards, the same controllers and scheduler, and
/// simulated nodes. Objects are kept in memory. Controllers, scheduler and nodes can be stopped and started again while the rest goes on, as if their process had ended.
///
/// One thread drives it.
public final class SimulatedServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedServer.class);
    /// Room for 32,768 nodes.
    private static final Networks NETWORKS = new Networks("10.128.0.0/9", "10.96.0.0/12", "10.96.0.10", "cluster.local", "30000-32767");
    private final Timeline timeline;
    private final Network network;
    private final ClusterPki pki;
    private final Store store;
    private final ApiServer api;
    private final Identities identities;
    private final Map<String, ControllerManager> managers = new LinkedHashMap<>();
    private @Nullable Scheduler scheduler;
    private @Nullable SimulatedNodes nodes;

    /// What lies between each component and the API server: may delay calls, or fail them.
    @FunctionalInterface
    public interface Network {
        /// @param component such as `kube-scheduler`; of several that do the same, each has its own name
        Client between(String component, Client client);
    }

    /// @param folder for certificates
    public SimulatedServer(DataDirectory folder, Timeline timeline, Network network) throws IOException {
        this.timeline = timeline;
        this.network = network;
        folder.prepare();
        pki = new ClusterPki(new ServerSettings(folder, false, "127.0.0.1", 0, Set.of(), NETWORKS, new NodeMode.None(), "node"), timeline);
        store = LocalStore.inMemory(timeline);
        SecuritySettings security = SecuritySettings.DEFAULT
                .withClientAuthorities(() -> List.of(pki.authority().certificate()))
                .withServiceAccounts(ServiceAccountKeys.of(pki.serviceAccountKeys().getPrivate(), pki.serviceAccountKeys().getPublic(), "https://kubernetes.default.svc.cluster.local"));
        api = ApiServer.startInProcess(ApiServerParts.config("127.0.0.1", 0, () -> pki.apiServer().identity(), () -> security, () -> KubeletSettings.DEFAULT,
                NETWORKS.services(), NETWORKS.nodePorts(), true, null), store, timeline);
        identities = new Identities(api);
        new ClusterObjects(admin()).bindIdentities();
    }

    /// The API as the cluster's administrator; calls are never disturbed.
    public Client admin() {
        return identities.admin();
    }

    /// Starts a controller manager under this name; of several, the one that holds the lease works.
    public void startControllers(String name) {
        ControllerManager.Parts parts = ControllerParts.of(NETWORKS, AddressPool.NONE, identities, pki, new MetricRegistry());
        ControllerManager started = new ControllerManager(timeline, new ControllerManager.Parts(network.between(name, parts.client()), parts.discovery(),
                account -> network.between(name, identities.controller(account)), parts.settings(), parts.selection(), Map.of(),
                LeaderSettings.of("kube-system", "kube-controller-manager", name), parts.metrics()));
        managers.put(name, started);
        started.start();
    }

    public void stopControllers(String name) {
        close(managers.remove(name));
    }

    /// The controller managers that work now: those that hold the lease, as far as they know.
    public List<String> working() {
        return managers.entrySet().stream().filter(manager -> manager.getValue().leads()).map(Map.Entry::getKey).toList();
    }

    public void startScheduler() {
        scheduler = Scheduler.start(network.between("kube-scheduler", identities.component("system:kube-scheduler")), timeline, SchedulerConfig.defaults());
    }

    public void stopScheduler() {
        close(scheduler);
        scheduler = null;
    }

    /// Starts what plays the kubelets of all nodes.
    public void startNodes() {
        SimulatedNodes started = new SimulatedNodes(network.between("kubelets", identities.component(ClusterObjects.SIMULATION_USER)), name -> network.between("kubelets", identities.node(name)), timeline, Simulation.DEFAULT.withPodNetwork(NETWORKS.pods()));
        nodes = started;
        started.start();
    }

    /// A node joins, or comes back; answers when it is Ready in the API.
    public void addNode(String name) {
        playing().add(name);
    }

    /// Many nodes join; answers when all are Ready in the API.
    public void addNodes(List<String> names) throws InterruptedException {
        playing().addAll(names);
    }

    /// A node goes silent.
    public void removeNode(String name) {
        playing().remove(name);
    }

    private SimulatedNodes playing() {
        SimulatedNodes started = nodes;
        if (started == null) {
            throw new IllegalStateException("nodes are not started");
        }
        return started;
    }

    @Override
    public void close() {
        Deque<AutoCloseable> parts = new ArrayDeque<>(List.of(pki, store, api));
        close(nodes);
        close(scheduler);
        managers.values().forEach(SimulatedServer::close);
        while (!parts.isEmpty()) {
            close(parts.pollLast());
        }
    }

    private static void close(@Nullable AutoCloseable part) {
        if (part == null) {
            return;
        }
        try {
            part.close();
        } catch (Exception e) {
            LOG.error("{} did not close", part.getClass().getSimpleName(), e);
        }
    }
}
