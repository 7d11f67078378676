package io.j8s.testkit.simulation;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.cluster.host.DataDirectory;
import io.j8s.cluster.host.Trees;
import io.j8s.cluster.server.SimulatedServer;
import io.j8s.runtime.SimulatedTimeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/// A whole cluster in simulated time: API server with all its guards, every controller, the scheduler, and nodes. Time stands still until it is told to pass
/// ([#advance], [#run]); then it jumps from one due moment to the next, and what runs when several could is chosen by the seed. The same seed gives the same run.
///
/// ```java
/// try (var cluster = SimulatedCluster.start(seed, 10)) {
///     cluster.client().create(Deployment.RESOURCE, "default", web);
///     cluster.fail("node-3");
///     cluster.advance(Duration.ofMinutes(10));
/// }
/// ```
/// One thread drives it. Failures of what runs inside are thrown by [#close].
public final class SimulatedCluster implements AutoCloseable {
    private final Path folder;
    private final SimulatedTimeline time;
    private final Weather weather = new Weather();
    private final SimulatedServer server;

    private SimulatedCluster(Path folder, long seed, int count) throws IOException {
        this.folder = folder;
        this.time = new SimulatedTimeline(seed);
        server = new SimulatedServer(new DataDirectory(folder.resolve("data")), time, client -> new DisturbedClient(client, time, weather));
        server.startControllers();
        server.startScheduler();
        server.startNodes();
        for (int i = 0; i < count; i++) {
            server.addNode("node-" + i);
        }
    }

    /// A cluster with so many nodes (`node-0` and on), at rest.
    public static SimulatedCluster start(long seed, int nodes) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("j8s-simulation-");
            return new SimulatedCluster(folder, seed, nodes);
        } catch (IOException e) {
            throw new UncheckedIOException("a simulated cluster needs a temporary folder (java.io.tmpdir)", e);
        }
    }

    /// The clock, the seed, and what the run has been like.
    public SimulatedTimeline time() {
        return time;
    }

    /// Reaches the API as the cluster's administrator; its calls are never disturbed.
    public Client client() {
        return server.admin();
    }

    /// Lets time pass.
    public void advance(Duration span) {
        time.advance(span);
    }

    /// Lets time pass until something holds.
    ///
    /// @throws io.j8s.runtime.StalledException when it does not within this time
    public void run(BooleanSupplier until, Duration atMost) {
        time.run(until, atMost);
    }

    /// From now on calls between components and API server meet these faults.
    public void disturb(Faults faults) {
        weather.change(faults);
    }

    /// A node goes silent: its lease is renewed no more, its pods are left as they are.
    public void fail(String node) {
        server.removeNode(node);
    }

    /// A node comes back, or joins.
    public void join(String node) {
        while (true) {
            try {
                server.addNode(node);
                return;
            } catch (ApiException e) {
                time.advance(Duration.ofSeconds(1)); // as a kubelet would: it tries until it is registered
            }
        }
    }

    /// Ends all controllers wherever they are, and starts them anew.
    public void restartControllers() {
        server.stopControllers();
        server.startControllers();
    }

    public void restartScheduler() {
        server.stopScheduler();
        server.startScheduler();
    }

    /// What components wrote since this was last asked, `VERB RESOURCE NAMESPACE/NAME`, but for leases and the state of nodes.
    public List<String> takeWrites() {
        return weather.takeWrites();
    }

    @Override
    public void close() {
        weather.change(Faults.NONE);
        try {
            server.close();
            time.close();
        } finally {
            try {
                Trees.remove(folder);
            } catch (IOException e) {
                throw new UncheckedIOException("the simulated cluster's temporary folder cannot be removed", e);
            }
        }
        List<Throwable> failures = time.failures();
        if (!failures.isEmpty()) {
            throw new IllegalStateException("seed " + time.seed() + ": " + failures.size() + " tasks failed", failures.getFirst());
        }
    }
}
