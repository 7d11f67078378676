package io.j8s.cluster.node;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.cluster.configuration.Configuration;
import io.j8s.model.core.v1.Node;
import io.j8s.network.cni.BridgeNetwork;
import io.j8s.network.cni.PodRouting;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pods' network of a node agent that runs alone: the one that somebody has set up in the folder of CNI configurations; or, for our own runtime on a host where nobody has, a
/// bridge with the range of addresses that the cluster gave to the node.
///
/// @param folder which the runtime reads
/// @param root where our own network keeps its files; empty: the network is somebody else's
record PodNetwork(Path folder, Optional<Path> root) {
    private static final Logger LOG = LoggerFactory.getLogger(PodNetwork.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final String BRIDGE = "j8s0";

    static PodNetwork of(Configuration configuration) throws IOException {
        Path folder = Path.of(configuration.text("--cni-conf-dir"));
        boolean foreign = !configuration.text("containerRuntimeEndpoint").isEmpty() || configuration.isSet("--cni-conf-dir") || hasNetwork(folder);
        Path root = Path.of(configuration.text("--root-dir"), "cni").toAbsolutePath();
        return foreign ? new PodNetwork(folder, Optional.empty()) : new PodNetwork(root.resolve("net.d"), Optional.of(root));
    }

    private static boolean hasNetwork(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(f -> f.toString().endsWith(".conf") || f.toString().endsWith(".conflist") || f.toString().endsWith(".json"));
        }
    }

    /// Begins to set up our own network: as soon as the node has its range.
    Optional<Task> start(Client client, Timeline timeline, String node) {
        return root.map(place -> timeline.start("pod network", () -> {
            while (true) {
                try {
                    Node found = client.find(Node.RESOURCE, "", node);
                    List<String> ranges = found == null ? List.of() : found.spec().podCIDRs().isEmpty() && !found.spec().podCIDR().isEmpty() ? List.of(found.spec().podCIDR()) : found.spec().podCIDRs();
                    if (!ranges.isEmpty()) {
                        PodRouting.apply(ranges);
                        new BridgeNetwork(BRIDGE, ranges, 0, place.resolve("leases")).write(folder);
                        LOG.info("Pods have addresses of {}", ranges);
                        return;
                    }
                } catch (ApiException | IOException e) {
                    LOG.warn("The pods' network cannot be set up yet: {}", e.getMessage());
                }
                timeline.sleep(LOOK_AGAIN);
            }
        }));
    }
}
