package io.j8s.cluster.server;

import io.j8s.client.ListOptions;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.cluster.host.Failure;
import io.j8s.http.EventLoops;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeCondition;
import io.j8s.node.simulated.SimulatedNodes;
import io.j8s.node.simulated.Simulation;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Starts what [NodeMode] asks for; answers when the nodes are Ready in the API.
final class Nodes {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Nodes() {}

    static AutoCloseable start(ServerSettings settings, Identities identities, ClusterPki pki, Timeline timeline, EventLoops loops) throws IOException, InterruptedException {
        return switch (settings.nodes()) {
            case NodeMode.None() -> () -> { };
            case NodeMode.Simulated(int count) -> simulated(settings, identities, timeline, count);
            case NodeMode.Real() -> real(settings, identities, pki, timeline, loops);
        };
    }

    private static AutoCloseable simulated(ServerSettings settings, Identities identities, Timeline timeline, int count) throws InterruptedException {
        SimulatedNodes nodes = new SimulatedNodes(identities.component(ClusterObjects.SIMULATION_USER), identities::node, timeline, Simulation.DEFAULT.withPodNetwork(settings.networks().pods()));
        nodes.start();
        nodes.addAll(IntStream.range(0, count).mapToObj(i -> count == 1 ? settings.nodeName() : settings.nodeName() + "-" + i).toList());
        nodes.awaitSynced();
        return nodes;
    }

    private static AutoCloseable real(ServerSettings settings, Identities identities, ClusterPki pki, Timeline timeline, EventLoops loops) throws IOException, InterruptedException {
        RealNode node = RealNode.start(settings, identities, pki, timeline, loops);
        try {
            awaitReady(settings.nodeName(), identities, timeline);
            return node;
        } catch (InterruptedException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private static void awaitReady(String name, Identities identities, Timeline timeline) throws InterruptedException {
        Gate changed = timeline.gate();
        try (Informer<Node> nodes = new Informer<>(identities.admin(), timeline, Node.RESOURCE, "", ListOptions.fields("metadata.name=" + name))) {
            nodes.addHandler(Handler.each(node -> changed.signal()));
            nodes.start();
            if (!changed.await(() -> ready(nodes.lister().get("", name)), PATIENCE)) {
                throw new Failure(Failure.Kind.NODE_NOT_READY, "node " + name + " did not become ready: " + why(nodes.lister().get("", name)), "look at the log: j8s logs --tail 50");
            }
        }
    }

    private static boolean ready(@Nullable Node node) {
        return node != null && node.status().conditions().stream().anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
    }

    private static String why(@Nullable Node node) {
        if (node == null) {
            return "it did not register";
        }
        return node.status().conditions().stream().filter(c -> c.type().equals("Ready")).map(NodeCondition::message).findFirst().orElse("it reports no state");
    }
}
