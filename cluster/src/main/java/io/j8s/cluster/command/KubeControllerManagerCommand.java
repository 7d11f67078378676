package io.j8s.cluster.command;

import io.j8s.client.https.HttpsClient;
import io.j8s.client.leader.LeaderSettings;
import io.j8s.cluster.host.HostName;
import io.j8s.controllers.ControllerManager;
import io.j8s.controllers.ControllerSelection;
import io.j8s.controllers.Controllers;
import io.j8s.controllers.Settings;
import io.j8s.http.EventLoops;
import io.j8s.runtime.StopSignal;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.log.ProcessLog;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `j8s kube-controller-manager`: the controllers alone, beside any API server.
@Command(name = "kube-controller-manager", description = "Run the controllers alone, with upstream's flags.", sortOptions = false)
final class KubeControllerManagerCommand implements Callable<Integer> {
    private final Console console;
    private final Timeline timeline = Timeline.system();
    @Mixin
    private ComponentOptions component = new ComponentOptions();
    @Option(names = "--controllers", paramLabel = "NAMES", description = "Which to run: `*` for those on by default, NAME, -NAME (default: ${DEFAULT-VALUE}).", defaultValue = "*")
    private String controllers = "*";

    KubeControllerManagerCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        ProcessLog.configure(component.logging());
        StopSignal stop = new StopSignal();
        ControllerSelection selection = ControllerSelection.parse(controllers, Controllers.LIST);
        LeaderSettings election = component.leaderElection("kube-controller-manager", HostName.get());
        try (EventLoops loops = EventLoops.forThisMachine();
                HttpsClient client = new HttpsClient(component.endpoint(console, "kube-controller-manager", timeline), loops, timeline);
                ControllerManager manager = new ControllerManager(timeline,
                        new ControllerManager.Parts(client, client, name -> client, Settings.DEFAULT, selection, Map.of(), election, new MetricRegistry()))) {
            manager.start();
            stop.await();
        } finally {
            stop.finished();
        }
        return 0;
    }
}
