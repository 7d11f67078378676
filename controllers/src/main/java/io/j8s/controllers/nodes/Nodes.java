package io.j8s.controllers.nodes;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeCondition;
import io.j8s.model.core.v1.Pod;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Facts about nodes.
public final class Nodes {
    private static final int CONFLICT_RETRIES = 5;

    private Nodes() {}

    public static @Nullable NodeCondition condition(Node node, String type) {
        return node.status().conditions().stream().filter(c -> c.type().equals(type)).findFirst().orElse(null);
    }

    /// The status of a condition: `True`, `False`, `Unknown`; empty when the node has no such condition.
    public static String status(Node node, String type) {
        NodeCondition condition = condition(node, type);
        return condition == null ? "" : condition.status();
    }

    public static boolean ready(Node node) {
        return status(node, "Ready").equals("True");
    }

    /// The zone by which failures are judged together; empty when the node names none.
    public static String zone(Node node) {
        String region = node.metadata().labels().getOrDefault("topology.kubernetes.io/region", "");
        String zone = node.metadata().labels().getOrDefault("topology.kubernetes.io/zone", "");
        return region.isEmpty() && zone.isEmpty() ? "" : region + ":\0:" + zone;
    }

    /// The pods by the node they run on.
    public static Index<Pod> podsByNode(Informer<Pod> pods) {
        return pods.index("node", pod -> pod.spec().nodeName().isEmpty() ? List.of() : List.of(pod.spec().nodeName()));
    }

    /// Changes a node as the server has it now; nothing is written when the change changes nothing, or the node is gone.
    public static void change(Client client, String name, UnaryOperator<Node> change) {
        for (int tries = 1; ; tries++) {
            Node node = client.find(Node.RESOURCE, "", name);
            Node changed = node == null ? null : change.apply(node);
            if (changed == null || changed.equals(node)) {
                return;
            }
            try {
                client.update(Node.RESOURCE, "", changed);
                return;
            } catch (ApiException e) {
                if (e.isNotFound()) {
                    return;
                }
                if (!e.isConflict() || tries == CONFLICT_RETRIES) {
                    throw e;
                }
            }
        }
    }
}
