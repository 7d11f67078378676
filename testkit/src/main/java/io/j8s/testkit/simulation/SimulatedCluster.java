package io.j8s.testkit.simulation;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.cluster.host.DataDirectory;
import io.j8s.cluster.server.SimulatedServer;
import io.j8s.model.core.v1.Node;
import io.j8s.runtime.SimulatedTimeline;
import io.j8s.runtime.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
    private static final List<String> MANAGERS = List.of("manager-1", "manager-2");
    private static final String FOLDERS = "j8s-simulation-";

    private final Path folder;
    private final SimulatedTimeline time;
    private final Weather weather = new Weather();
    private final SimulatedServer server;

    private SimulatedCluster(Path folder, long seed) throws IOException {
        this.folder = folder;
        this.time = new SimulatedTimeline(seed);
        server = new SimulatedServer(new DataDirectory(folder.resolve("data")), time, (component, client) -> new DisturbedClient(component, client, this::client, time, weather));
    }

    private void open(int nodes) throws InterruptedException {
        MANAGERS.forEach(server::startControllers);
        server.startScheduler();
        server.startNodes();
        server.addNodes(IntStream.range(0, nodes).mapToObj(i -> "node-" + i).toList());
    }

    /// A cluster with so many nodes (`node-0` and on), at rest.
    public static SimulatedCluster start(long seed, int nodes) {
        SimulatedCluster cluster = make(seed);
        try {
            cluster.open(nodes);
            return cluster;
        } catch (InterruptedException e) {
            cluster.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a simulated cluster was started", e);
        } catch (RuntimeException | Error e) {
            cluster.closeAfter(e);
            throw e;
        }
    }

    private static SimulatedCluster make(long seed) {
        Path folder = null;
        try {
            folder = Trees.passing(FOLDERS);
            return new SimulatedCluster(folder, seed);
        } catch (IOException e) {
            remove(folder);
            throw new UncheckedIOException("a simulated cluster needs a temporary folder (java.io.tmpdir)", e);
        } catch (RuntimeException | Error e) {
            remove(folder);
            throw e;
        }
    }

    private void closeAfter(Throwable cause) {
        try {
            close();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private static void remove(@Nullable Path folder) {
        if (folder != null) {
            try {
                Trees.remove(folder);
                Trees.sweep(FOLDERS);
            } catch (IOException e) {
                throw new UncheckedIOException("the simulated cluster's temporary folder cannot be removed", e);
            }
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
        MANAGERS.forEach(server::stopControllers);
        MANAGERS.forEach(server::startControllers);
    }

    /// The controller managers that believe that they hold the lease: of the two there are, never both.
    public List<String> leaders() {
        return server.working();
    }

    /// From now on no call of this component reaches the API server, nor does an answer come: as when its host loses the network.
    ///
    /// @param component `manager-1`, `manager-2`, `kube-scheduler`, `kubelets`
    public void isolate(String component) {
        weather.isolate(component);
    }

    public void reconnect(String component) {
        weather.reconnect(component);
    }

    /// The wall clock is set, as an administrator or a time server does; time itself goes on as before.
    public void stepClock(Duration by) {
        time.stepClock(by);
    }

    /// A node's object is deleted, and what ran on the host with it; it comes back by [#join].
    public void destroy(String node) {
        server.removeNode(node);
        client().delete(Node.RESOURCE, "", node, DeleteOptions.DEFAULT);
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
            remove(folder);
        }
        List<Throwable> failures = time.failures();
        if (!failures.isEmpty()) {
            throw new IllegalStateException("seed " + time.seed() + ": " + failures.size() + " tasks failed", failures.getFirst());
        }
    }
}
