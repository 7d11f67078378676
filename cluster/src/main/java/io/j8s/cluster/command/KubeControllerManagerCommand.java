package io.j8s.cluster.command;

import io.j8s.client.Client;
import io.j8s.client.https.ApiEndpoint;
import io.j8s.client.https.HttpsClient;
import io.j8s.client.leader.LeaderSettings;
import io.j8s.cluster.host.HostName;
import io.j8s.cluster.server.ComponentServing;
import io.j8s.controllers.ControllerManager;
import io.j8s.controllers.ControllerSelection;
import io.j8s.controllers.Settings;
import io.j8s.http.EventLoops;
import io.j8s.runtime.StopSignal;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.log.ProcessLog;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/// `j8s kube-controller-manager`: the controllers alone, beside any API server.
@Command(name = "kube-controller-manager", description = "Run the controllers alone, with upstream's flags.", sortOptions = false)
final class KubeControllerManagerCommand implements Callable<Integer>, Extended {
    private static final Logger LOG = LoggerFactory.getLogger(KubeControllerManagerCommand.class);
    private static final String NAME = "kube-controller-manager";
    private static final int PORT = 10257;
    private static final List<AcceptedFlags> ACCEPTED = accepted();
    private final Console console;
    private final Timeline timeline = Timeline.system();
    @Spec
    private CommandSpec spec = CommandSpec.create();
    @Mixin
    private ComponentOptions component = new ComponentOptions();
    @Mixin
    private ServingOptions serving = new ServingOptions();
    @Mixin
    private ControllerManagerOptions options = new ControllerManagerOptions();

    KubeControllerManagerCommand(Console console) {
        this.console = console;
    }

    private static List<AcceptedFlags> accepted() {
        List<AcceptedFlags> all = new ArrayList<>(AcceptedFlags.SERVING);
        all.addAll(AcceptedFlags.CONTROLLER_MANAGER);
        return List.copyOf(all);
    }

    @Override
    public void extend(CommandSpec extended) {
        ControllerManagerOptions.addConcurrency(extended);
        AcceptedFlags.add(extended, ACCEPTED);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (component.onlyVersion(console)) {
            return 0;
        }
        ProcessLog.configure(component.logging());
        ParseResult parsed = spec.commandLine().getParseResult();
        AcceptedFlags.explain(parsed, ACCEPTED, LOG);
        ControllerSelection selection = options.selection();
        Map<String, Integer> workers = ControllerManagerOptions.workers(parsed);
        LeaderSettings election = component.leaderElection(NAME, HostName.get());
        ApiEndpoint endpoint = component.endpoint(console, NAME, timeline);
        Settings settings = options.settings(endpoint.tls().authorities());
        ComponentServing.Settings shown = serving.settings(console, NAME, PORT, timeline);
        StopSignal stop = new StopSignal();
        MetricRegistry metrics = new MetricRegistry();
        try (EventLoops loops = EventLoops.forThisMachine();
                HttpsClient client = new HttpsClient(endpoint, loops, timeline);
                AccountClients accounts = new AccountClients(client, endpoint, loops, timeline);
                ControllerManager manager = new ControllerManager(timeline, new ControllerManager.Parts(client, client, identities(client, accounts), settings, selection, workers, election, metrics));
                ComponentServing _ = ComponentServing.start(NAME, shown, loops, timeline, () -> true, metrics, Map.of())) {
            manager.start();
            stop.await();
        } finally {
            stop.finished();
        }
        return 0;
    }

    private Function<String, Client> identities(Client manager, AccountClients accounts) {
        return options.ownAccounts() ? accounts::of : account -> manager;
    }
}
