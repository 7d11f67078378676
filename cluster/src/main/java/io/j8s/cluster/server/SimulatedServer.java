package io.j8s.cluster.server;

import io.j8s.apiserver.ApiServer;
import io.j8s.apiserver.authentication.serviceaccount.ServiceAccountKeys;
import io.j8s.apiserver.security.SecuritySettings;
import io.j8s.apiserver.streaming.KubeletSettings;
import io.j8s.client.Client;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parts of [Server] that need no sockets, on a timeline that may be simulated: the same API server with all its guards, the same controllers and scheduler, and
/// simulated nodes. Objects are kept in memory. Controllers, scheduler and nodes can be stopped and started again while the rest goes on, as if their process had ended.
///
/// One thread drives it.
public final class SimulatedServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedServer.class);
    private final Timeline timeline;
    private final UnaryOperator<Client> network;
    private final ClusterPki pki;
    private final Store store;
    private final ApiServer api;
    private final Identities identities;
    private @Nullable ControllerManager controllers;
    private @Nullable Scheduler scheduler;
    private @Nullable SimulatedNodes nodes;

    /// @param folder for certificates
    /// @param network what lies between each component and the API server: may delay calls, or fail them
    public SimulatedServer(DataDirectory folder, Timeline timeline, UnaryOperator<Client> network) throws IOException {
        this.timeline = timeline;
        this.network = network;
        folder.prepare();
        pki = new ClusterPki(new ServerSettings(folder, false, "127.0.0.1", 0, Set.of(), Networks.DEFAULT, new NodeMode.None(), "node"), timeline);
        store = LocalStore.inMemory(timeline);
        SecuritySettings security = SecuritySettings.DEFAULT
                .withClientAuthorities(() -> List.of(pki.authority().certificate()))
                .withServiceAccounts(ServiceAccountKeys.of(pki.serviceAccountKeys().getPrivate(), pki.serviceAccountKeys().getPublic(), "https://kubernetes.default.svc.cluster.local"));
        api = ApiServer.startInProcess(ApiServerParts.config("127.0.0.1", 0, () -> pki.apiServer().identity(), () -> security, () -> KubeletSettings.DEFAULT,
                Networks.DEFAULT.services(), Networks.DEFAULT.nodePorts(), true, null), store, timeline);
        identities = new Identities(api);
        new ClusterObjects(admin()).bindIdentities();
    }

    /// The API as the cluster's administrator; calls are never disturbed.
    public Client admin() {
        return identities.admin();
    }

    public void startControllers() {
        ControllerManager.Parts parts = ControllerParts.of(Networks.DEFAULT, AddressPool.NONE, identities, pki, new MetricRegistry());
        ControllerManager started = new ControllerManager(timeline, new ControllerManager.Parts(network.apply(parts.client()), parts.discovery(),
                account -> network.apply(identities.controller(account)), parts.settings(), parts.selection(), Map.of(), null, parts.metrics()));
        controllers = started;
        started.start();
    }

    public void stopControllers() {
        close(controllers);
        controllers = null;
    }

    public void startScheduler() {
        scheduler = Scheduler.start(network.apply(identities.component("system:kube-scheduler")), timeline, SchedulerConfig.defaults());
    }

    public void stopScheduler() {
        close(scheduler);
        scheduler = null;
    }

    /// Starts what plays the kubelets of all nodes.
    public void startNodes() {
        SimulatedNodes started = new SimulatedNodes(network.apply(identities.component(ClusterObjects.SIMULATION_USER)), name -> network.apply(identities.node(name)), timeline, Simulation.DEFAULT);
        nodes = started;
        started.start();
    }

    /// A node joins, or comes back; answers when it is Ready in the API.
    public void addNode(String name) {
        playing().add(name);
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
        for (AutoCloseable part : new @Nullable AutoCloseable[] {nodes, scheduler, controllers}) {
            close(part);
        }
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
