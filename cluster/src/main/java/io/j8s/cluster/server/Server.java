package io.j8s.cluster.server;

import io.j8s.apiserver.ApiServer;
import io.j8s.apiserver.OperatingSettings;
import io.j8s.apiserver.aggregation.AggregationSettings;
import io.j8s.apiserver.authentication.serviceaccount.ServiceAccountKeys;
import io.j8s.apiserver.security.SecuritySettings;
import io.j8s.apiserver.streaming.KubeletSettings;
import io.j8s.client.Client;
import io.j8s.cluster.host.Failure;
import io.j8s.cluster.host.HostName;
import io.j8s.cluster.pki.PrivateFile;
import io.j8s.controllers.ControllerManager;
import io.j8s.http.EventLoops;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import io.j8s.scheduler.Scheduler;
import io.j8s.scheduler.SchedulerConfig;
import io.j8s.store.LocalStore;
import io.j8s.store.Store;
import java.io.IOException;
import java.net.BindException;
import java.security.KeyPair;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A cluster in one process. [#start] is the list of what it is made of, in start order; [#close] goes through it backwards.
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private final ServerSettings settings;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Identities identities;
    private @Nullable ApiServer api;

    private Server(ServerSettings settings, Timeline timeline, Progress progress) throws IOException, InterruptedException {
        this.settings = settings;
        try {
            progress.step("Preparing certificates");
            Ahead<ClusterPki> certificates = part(new Ahead<>(timeline, "certificates", () -> new ClusterPki(settings, timeline)));
            Ahead<SchedulerConfig> scheduling = part(new Ahead<>(timeline, "scheduler configuration", () -> SchedulerConfig.defaults().withExpressions(new DeviceSelectors())));
            EventLoops loops = part(EventLoops.forThisMachine());

            progress.step("Opening the store");
            Store store = part(settings.durable() ? LocalStore.open(settings.directory().store(), timeline) : LocalStore.inMemory(timeline));

            progress.step("Starting the API server");
            ApiServer served = part(ApiServer.start(ApiServerParts.config(settings.bindAddress(), settings.port(), () -> certificates.get().apiServer().identity(),
                    () -> security(certificates.get()), () -> kubelets(certificates.get()), settings.networks().services(), settings.networks().nodePorts(), true, null)
                    .withOperating(OperatingSettings.DEFAULT.withAggregation(new AggregationSettings(false, () -> certificates.get().frontProxyClient().identity()))), store, timeline));
            this.api = served;
            ClusterPki pki = certificates.get();
            writeAdminKubeconfig(pki, served.port());
            this.identities = part(new Identities(served, pki, loops, timeline));
            new ClusterObjects(admin()).bindIdentities();
            part(Publication.start(identities.apiServer(), timeline, new Publication.Facts(settings.networks().apiServiceAddress(),
                    HostAddresses.advertised(settings.bindAddress()), served.port(), false, 0, Map.of("client-ca-file", pki.authority().certificatePem())), null));

            progress.step("Starting controllers and scheduler");
            MetricRegistry controllerMetrics = new MetricRegistry();
            MetricRegistry schedulerMetrics = new MetricRegistry();
            ControllerManager controllers = part(new ControllerManager(timeline, ControllerParts.of(settings.networks(), settings.loadBalancers(), identities, pki, controllerMetrics)));
            controllers.start();
            if (settings.directory().isDefault()) { // the ports are one set for a host: they belong to its main cluster
                part(ComponentPorts.open(loops, pki, identities, timeline, controllers, controllerMetrics, schedulerMetrics));
            }
            part(Scheduler.start(identities.component("system:kube-scheduler"), timeline, scheduling.get().withHost(HostName.get()).withMetrics(schedulerMetrics)));

            progress.step("Starting nodes");
            part(Nodes.start(settings, identities, pki, timeline, loops));
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /// Starts all parts and returns when the cluster is ready. What was started is closed again when a later part fails.
    public static Server start(ServerSettings settings, Timeline timeline, Progress progress) {
        try {
            return new Server(settings, timeline, progress);
        } catch (BindException e) {
            throw new Failure(Failure.Kind.PORT_IN_USE, String.valueOf(e.getMessage()), "stop the process that uses it, or choose another port with --secure-port; those of this host's node with --kubelet-port, --healthz-port, --healthz-bind-address and --metrics-bind-address", e);
        } catch (IOException e) {
            throw new Failure(Failure.Kind.CONTROL_PLANE, e.toString(), "look at the log: j8s logs", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.Kind.CONTROL_PLANE, "the start was interrupted", "start it again", e);
        }
    }

    private SecuritySettings security(ClusterPki pki) {
        KeyPair keys = pki.serviceAccountKeys();
        String issuer = "https://kubernetes.default.svc." + settings.networks().domain();
        return SecuritySettings.DEFAULT
                .withClientAuthorities(() -> List.of(pki.authority().certificate()))
                .withServiceAccounts(ServiceAccountKeys.of(keys.getPrivate(), keys.getPublic(), issuer))
                .withServerUrl(issuer);
    }

    private static KubeletSettings kubelets(ClusterPki pki) {
        return KubeletSettings.DEFAULT.trusting(List.of(pki.authority().certificate())).as(() -> pki.kubeletClient().identity());
    }

    private void writeAdminKubeconfig(ClusterPki pki, int port) throws IOException {
        PrivateFile.write(settings.directory().adminKubeconfig(), KubeconfigText.of("https://127.0.0.1:" + port, "j8s", "j8s-admin", pki.authority(), pki.admin()), settings.durable());
    }

    private <T extends AutoCloseable> T part(T started) {
        parts.push(started);
        return started;
    }

    /// The API as the cluster's administrator.
    public Client admin() {
        return identities.admin();
    }

    Identities identities() {
        return identities;
    }

    /// Where this host reaches the API server.
    public String apiAddress() {
        return identities.address();
    }

    /// From now on the API server is not ready; all else goes on until [#close].
    public void stopping() {
        ApiServer served = api;
        if (served != null) {
            served.stopping();
        }
    }

    @Override
    public void close() {
        stopping();
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("{} did not close", part.getClass().getSimpleName(), e);
            }
        }
    }
}
