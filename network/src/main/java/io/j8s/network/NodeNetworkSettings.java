package io.j8s.network;

import io.j8s.http.Listen.Tcp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a node's network is made.
///
/// @param node the node's name
/// @param address the node's address, on which cluster DNS answers and which pods can reach
/// @param podRanges this node's part of the pod network
/// @param clusterPodRanges the whole pod network
/// @param bridge the interface that pods hang on
/// @param cniFolder where the container runtime reads network lists (`/etc/cni/net.d`, or one of our own)
/// @param leases where the pods' addresses are kept
/// @param dnsPort where cluster DNS answers on the node's address; not 53, which the host's own name server may hold
/// @param dnsServiceIp the cluster address of DNS
/// @param domain the cluster's domain
/// @param forwardTo the host's name servers
/// @param stubDomains domains that have name servers of their own
/// @param dnsMetrics where the figures of cluster DNS are had; null: nowhere
public record NodeNetworkSettings(
        String node,
        InetAddress address,
        List<String> podRanges,
        List<String> clusterPodRanges,
        String bridge,
        Path cniFolder,
        Path leases,
        int dnsPort,
        String dnsServiceIp,
        String domain,
        List<InetSocketAddress> forwardTo,
        Map<String, List<InetSocketAddress>> stubDomains,
        @Nullable Tcp dnsMetrics) {

    public NodeNetworkSettings {
        podRanges = List.copyOf(podRanges);
        clusterPodRanges = List.copyOf(clusterPodRanges);
        forwardTo = List.copyOf(forwardTo);
        stubDomains = Map.copyOf(stubDomains);
    }
}
