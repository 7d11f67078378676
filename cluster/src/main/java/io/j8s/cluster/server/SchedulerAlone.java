package io.j8s.cluster.server;

import io.j8s.client.Client;
import io.j8s.client.leader.LeaderElection;
import io.j8s.client.leader.LeaderSettings;
import io.j8s.http.EventLoops;
import io.j8s.model.Json;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.scheduler.Scheduler;
import io.j8s.scheduler.SchedulerConfig;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A scheduler without anything else of a cluster: what `kube-scheduler` starts. It places pods while it is the leader.
public final class SchedulerAlone implements AutoCloseable {
    private final Client client;
    private final Timeline timeline;
    private final SchedulerConfig config;
    private final ComponentServing serving;
    private final Task task;
    private volatile boolean leads;

    private SchedulerAlone(Client client, Timeline timeline, SchedulerConfig config, @Nullable LeaderSettings election, ComponentServing.Settings listening, EventLoops loops, Map<String, String> flags) {
        this.client = client;
        this.timeline = timeline;
        this.config = config;
        this.serving = ComponentServing.start("kube-scheduler", listening, loops, timeline, config.metrics(),
                new ComponentServing.Content(() -> true, () -> List.of(election == null ? "ping" : "leaderElection"), this::configz, flags));
        this.task = timeline.start("kube-scheduler", () -> schedule(election));
    }

    /// Starts.
    ///
    /// @param election null: it works at once
    /// @param flags with which it was started, by name without dashes
    public static SchedulerAlone start(Client client, Timeline timeline, SchedulerConfig config, @Nullable LeaderSettings election, ComponentServing.Settings listening, EventLoops loops,
            Map<String, String> flags) {
        return new SchedulerAlone(client, timeline, config, election, listening, loops, flags);
    }

    private String configz() {
        return new String(Json.writePlain(Map.of("kubescheduler.config.k8s.io", config.configuration().fields())), StandardCharsets.UTF_8);
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
        serving.close();
    }
}
