package io.j8s.cluster.command;

import io.j8s.client.https.HttpsClient;
import io.j8s.client.leader.LeaderElection;
import io.j8s.client.leader.LeaderSettings;
import io.j8s.cluster.host.HostName;
import io.j8s.http.EventLoops;
import io.j8s.runtime.StopSignal;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.log.ProcessLog;
import io.j8s.scheduler.Scheduler;
import io.j8s.scheduler.SchedulerConfig;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `j8s kube-scheduler`: the scheduler alone, beside any API server.
@Command(name = "kube-scheduler", description = "Run the scheduler alone, with upstream's flags.", sortOptions = false)
final class KubeSchedulerCommand implements Callable<Integer> {
    private final Console console;
    private final Timeline timeline = Timeline.system();
    @Mixin
    private ComponentOptions component = new ComponentOptions();

    KubeSchedulerCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        ProcessLog.configure(component.logging());
        StopSignal stop = new StopSignal();
        LeaderSettings election = component.leaderElection("kube-scheduler", HostName.get());
        try (EventLoops loops = EventLoops.forThisMachine();
                HttpsClient client = new HttpsClient(component.endpoint(console, "kube-scheduler", timeline), loops, timeline);
                Task _ = timeline.start("kube-scheduler", () -> schedule(client, election))) {
            stop.await();
        } finally {
            stop.finished();
        }
        return 0;
    }

    private void schedule(HttpsClient client, @Nullable LeaderSettings election) throws InterruptedException {
        if (election == null) {
            work(client);
        }
        while (election != null) {
            new LeaderElection(client, timeline, election).run(() -> work(client));
        }
    }

    /// Until interrupted: at the process's end, or when leadership is lost.
    private void work(HttpsClient client) throws InterruptedException {
        try (Scheduler _ = Scheduler.start(client, timeline, SchedulerConfig.DEFAULT)) {
            timeline.gate().await(() -> false);
        }
    }
}
