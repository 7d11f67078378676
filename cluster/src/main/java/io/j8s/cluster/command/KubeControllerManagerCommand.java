package io.j8s.cluster.command;

import io.j8s.client.Client;
import io.j8s.client.https.ApiEndpoint;
import io.j8s.client.https.HttpsClient;
import io.j8s.client.https.Traffic;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/// `j8s kube-controller-manager`: the controllers alone, beside any API server.
@Command(name = "kube-controller-manager", description = "Run the controllers alone, with upstream's flags.", sortOptions = false)
final class KubeControllerManagerCommand implements Callable<Integer>, Extended {
    private static final Logger LOG = LoggerFactory.getLogger(KubeControllerManagerCommand.class);
    private static final String NAME = "kube-controller-manager";
    private static final int PORT = 10257;
    private static final double QPS = 20;
    private static final int BURST = 30;
    private static final List<AcceptedFlags> ACCEPTED = accepted();
    private final Console console;
    private final Timeline timeline = Timeline.system();
    @Spec
    private CommandSpec spec = CommandSpec.create();
    @Mixin
    private ComponentOptions component = new ComponentOptions();
    @Mixin
    private ServingOptions serving = new ServingOptions();
    @Option(names = "--kube-api-qps", paramLabel = "N", description = "How many requests a second go to the API server at most (default: any number; its priority and fairness shares its time out).")
    private @Nullable Double qps;
    @Option(names = "--kube-api-burst", paramLabel = "N", description = "How many of them at once (default: any number).")
    private @Nullable Integer burst;
    @Option(names = "--disabled-metrics", paramLabel = "NAMES", split = ",", description = "Metrics that are not shown.")
    private List<String> disabledMetrics = new ArrayList<>();
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
        disabledMetrics.forEach(metrics::disable);
        Traffic traffic = qps == null && burst == null ? Traffic.measuredBy(metrics) : Traffic.limited(metrics, qps == null ? QPS : qps, burst == null ? BURST : burst);
        Map<String, String> flags = ComponentFlags.of(NAME, parsed);
        try (EventLoops loops = EventLoops.forThisMachine();
                HttpsClient client = new HttpsClient(endpoint, loops, timeline, traffic);
                AccountClients accounts = new AccountClients(client, endpoint, loops, timeline, traffic);
                ControllerManager manager = new ControllerManager(timeline, new ControllerManager.Parts(client, client, identities(client, accounts), settings, selection, workers, election, metrics));
                ComponentServing _ = ComponentServing.start(NAME, shown, loops, timeline, metrics,
                        new ComponentServing.Content(() -> true, () -> healthChecks(manager, election), () -> ComponentFlags.configuration(NAME, flags), flags))) {
            manager.start();
            stop.await();
        } finally {
            stop.finished();
        }
        return 0;
    }

    private static List<String> healthChecks(ControllerManager manager, @Nullable LeaderSettings election) {
        return Stream.concat(election == null ? Stream.of() : Stream.of("leaderElection"), manager.running().stream()).toList();
    }

    private Function<String, Client> identities(Client manager, AccountClients accounts) {
        return options.ownAccounts() ? accounts::of : account -> manager;
    }
}
