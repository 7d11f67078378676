package io.j8s.cluster.command;

import io.j8s.client.https.HttpsClient;
import io.j8s.http.EventLoops;
import io.j8s.node.simulated.SimulatedNodes;
import io.j8s.node.simulated.Simulation;
import io.j8s.runtime.StopSignal;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.log.ProcessLog;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `j8s simulated-nodes`: nodes without containers, beside any API server.
@Command(name = "simulated-nodes", description = "Bring simulated nodes to any cluster: their pods become Running without containers.", sortOptions = false)
final class SimulatedNodesCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedNodesCommand.class);
    private final Console console;
    private final Timeline timeline = Timeline.system();
    @Mixin
    private ComponentOptions component = new ComponentOptions();
    @Option(names = "--nodes", paramLabel = "N", description = "How many (default: ${DEFAULT-VALUE}).", defaultValue = "1")
    private int nodes = 1;
    @Option(names = "--node-name", paramLabel = "NAME", description = "What their names begin with (default: ${DEFAULT-VALUE}).", defaultValue = "simulated")
    private String name = "simulated";
    @Option(names = "--cluster-cidr", paramLabel = "CIDR", description = "Where pods get addresses from that have a node without a range (default: ${DEFAULT-VALUE}).", defaultValue = "10.244.0.0/16")
    private String podNetwork = "10.244.0.0/16";
    @Option(names = "--finish-after", paramLabel = "DURATION", converter = GoDuration.class, description = "How long pods run that are meant to end (default: for ever).")
    private @Nullable Duration finishAfter;

    SimulatedNodesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        ProcessLog.configure(component.logging());
        if (nodes < 1) {
            throw new IllegalArgumentException("--nodes: there must be at least one simulated node, not " + nodes);
        }
        StopSignal stop = new StopSignal();
        Simulation simulation = Simulation.DEFAULT.withPodNetwork(podNetwork);
        try (EventLoops loops = EventLoops.forThisMachine();
                HttpsClient client = new HttpsClient(component.endpoint(console, "simulated-nodes", timeline), loops, timeline);
                SimulatedNodes simulated = new SimulatedNodes(client, node -> client, timeline, finishAfter == null ? simulation : simulation.withFinishAfter(finishAfter))) {
            simulated.start();
            simulated.addAll(IntStream.range(0, nodes).mapToObj(i -> name + "-" + i).toList());
            simulated.awaitSynced();
            LOG.info("{} nodes are ready", nodes);
            stop.await();
        } finally {
            stop.finished();
        }
        return 0;
    }
}
