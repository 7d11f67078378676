package io.j8s.cluster.server;

import io.j8s.node.simulated.SimulatedNodes;
import io.j8s.node.simulated.Simulation;
import io.j8s.runtime.Timeline;
import io.j8s.http.EventLoops;

/// Starts what [NodeMode] asks for; answers when the nodes are Ready in the API.
final class Nodes {
    private Nodes() {}

    static AutoCloseable start(ServerSettings settings, Identities identities, ClusterPki pki, Timeline timeline, EventLoops loops) throws InterruptedException {
        return switch (settings.nodes()) {
            case NodeMode.None() -> () -> { };
            case NodeMode.Simulated(int count) -> simulated(settings, identities, timeline, count);
            case NodeMode.Real() -> throw new IllegalStateException("real nodes " + pki + loops);
        };
    }

    private static AutoCloseable simulated(ServerSettings settings, Identities identities, Timeline timeline, int count) throws InterruptedException {
        SimulatedNodes nodes = new SimulatedNodes(identities.of("system:node:" + settings.nodeName(), "system:nodes", "system:authenticated"), timeline,
                Simulation.DEFAULT.withPodNetwork(settings.networks().pods()));
        nodes.start();
        for (int i = 0; i < count; i++) {
            nodes.add(count == 1 ? settings.nodeName() : settings.nodeName() + "-" + i);
        }
        nodes.awaitSynced();
        return nodes;
    }
}
