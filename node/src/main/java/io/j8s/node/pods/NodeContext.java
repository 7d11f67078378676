package io.j8s.node.pods;

import io.j8s.model.Quantity;
import io.j8s.node.cri.RuntimeFeatures;
import io.j8s.node.settings.PodSettings;
import java.util.List;
import java.util.Map;

/// What pods need to know of the node that they run on.
///
/// @param hostName the host's own name, which pods on the host's network see
/// @param addresses of the node, the first being its primary one
/// @param settings what pods get beside what they ask for
/// @param memoryBytes of the node
/// @param runtime what the container runtime can do
public record NodeContext(
        String nodeName, String hostName, List<String> addresses, PodSettings settings,
        Map<String, Quantity> allocatable, long memoryBytes, RuntimeFeatures runtime) {

    public NodeContext {
        addresses = List.copyOf(addresses);
        allocatable = Map.copyOf(allocatable);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("node " + nodeName + " has no address; give one with --node-ip");
        }
    }
}
