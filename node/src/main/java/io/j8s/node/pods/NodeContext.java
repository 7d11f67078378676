package io.j8s.node.pods;

import io.j8s.model.Quantity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What pods need to know of the node that they run on.
///
/// @param hostName the host's own name, which pods on the host's network see
/// @param addresses of the node, the first being its primary one
/// @param clusterDns the cluster's DNS servers; empty: pods use the host's
/// @param clusterDomain such as `cluster.local`
/// @param resolvConf the host's resolver configuration
/// @param memoryBytes of the node
public record NodeContext(
        String nodeName, String hostName, List<String> addresses, List<String> clusterDns, String clusterDomain, Path resolvConf,
        Map<String, Quantity> allocatable, long memoryBytes) {

    public NodeContext {
        addresses = List.copyOf(addresses);
        clusterDns = List.copyOf(clusterDns);
        allocatable = Map.copyOf(allocatable);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("node " + nodeName + " has no address; give one with --node-ip");
        }
    }
}
