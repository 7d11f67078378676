package io.j8s.cluster.server;

import io.j8s.client.Client;
import io.j8s.client.leader.LeaderElection;
import io.j8s.client.leader.LeaderSettings;
import io.j8s.cluster.host.Failure;
import io.j8s.cluster.host.Trees;
import io.j8s.cluster.pki.CertificateOrder;
import io.j8s.cluster.pki.Credential;
import io.j8s.cluster.pki.PkiFolder;
import io.j8s.http.EventLoops;
import io.j8s.http.ServerConfig;
import io.j8s.http.ServerTls;
import io.j8s.http.TlsIdentity;
import io.j8s.model.Json;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.ProcessMetrics;
import io.j8s.scheduler.Scheduler;
import io.j8s.scheduler.SchedulerConfig;
import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A scheduler without anything else of a cluster: what `kube-scheduler` starts. It places pods while it is the leader.
public final class SchedulerAlone implements AutoCloseable {
    private final Client client;
    private final Timeline timeline;
    private final SchedulerConfig config;
    private final @Nullable ComponentEndpoint endpoint;
    private final Task task;
    private volatile boolean leads;

    /// Where it answers `/healthz`, `/readyz`, `/metrics` and `/configz`.
    ///
    /// @param port 0: nowhere
    /// @param certificates the folder of its certificate; null: one is made for this run
    public record Listening(String address, int port, @Nullable Path certificates) {}

    private SchedulerAlone(Client client, Timeline timeline, SchedulerConfig config, @Nullable LeaderSettings election, Listening listening, EventLoops loops) throws IOException {
        this.client = client;
        this.timeline = timeline;
        this.config = config;
        this.endpoint = listening.port == 0 ? null : listen(listening, loops);
        this.task = timeline.start("kube-scheduler", () -> schedule(election));
    }

    /// Starts.
    ///
    /// @param election null: it works at once
    public static SchedulerAlone start(Client client, Timeline timeline, SchedulerConfig config, @Nullable LeaderSettings election, Listening listening, EventLoops loops) {
        try {
            return new SchedulerAlone(client, timeline, config, election, listening, loops);
        } catch (BindException e) {
            throw new Failure(Failure.Kind.PORT_IN_USE, String.valueOf(e.getMessage()), "stop the process that uses it, or choose another port with --secure-port (0: none)", e);
        } catch (IOException e) {
            throw new Failure(Failure.Kind.CONTROL_PLANE, e.toString(), "look at the messages before this one", e);
        }
    }

    private ComponentEndpoint listen(Listening listening, EventLoops loops) throws IOException {
        TlsIdentity identity = identity(listening);
        ProcessMetrics.register(config.metrics());
        return new ComponentEndpoint(loops, ServerConfig.https(listening.address, listening.port, ServerTls.of(() -> identity)), timeline,
                Map.of("/healthz", () -> true, "/livez", () -> true, "/readyz", () -> true), config.metrics(), Map.of("/configz", this::configz));
    }

    private String configz() {
        return new String(Json.writePlain(Map.of("kubescheduler.config.k8s.io", config.configuration().fields())), StandardCharsets.UTF_8);
    }

    private TlsIdentity identity(Listening listening) throws IOException {
        Path folder = listening.certificates;
        Path made = folder == null ? Files.createTempDirectory("kube-scheduler-") : null;
        try {
            PkiFolder pki = PkiFolder.open(folder == null ? java.util.Objects.requireNonNull(made) : folder);
            Credential authority = pki.authority("ca", "kube-scheduler-ca", timeline.now());
            return pki.leaf("kube-scheduler", authority, CertificateOrder.server("kube-scheduler", Set.of("localhost", "127.0.0.1", "::1")), timeline.now()).identity();
        } finally {
            if (made != null) {
                Trees.remove(made);
            }
        }
    }

    private void schedule(@Nullable LeaderSettings election) throws InterruptedException {
        if (election == null) {
            work();
        }
        while (election != null) {
            new LeaderElection(client, timeline, election).run(this::work);
        }
    }

    /// Until interrupted: at the end, or when leadership is lost.
    private void work() throws InterruptedException {
        leads = true;
        try (Scheduler _ = Scheduler.start(client, timeline, config)) {
            timeline.gate().await(() -> false);
        } finally {
            leads = false;
        }
    }

    /// Whether it places pods now.
    public boolean leads() {
        return leads;
    }

    @Override
    public void close() {
        task.close();
        if (endpoint != null) {
            endpoint.close();
        }
    }
}
