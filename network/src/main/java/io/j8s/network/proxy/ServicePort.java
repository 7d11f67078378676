package io.j8s.network.proxy;

import java.util.List;

/// One port of one Service in one address family, with all that its rules depend on.
///
/// @param protocol `tcp`, `udp` or `sctp`
/// @param clusterIp its cluster address in this family
/// @param nodePort 0 for none
/// @param externalIps addresses outside the cluster that lead here: `spec.externalIPs`
/// @param loadBalancerIps addresses of the load balancer that are handled on the node (ipMode VIP)
/// @param sourceRanges the ranges allowed to use the load balancer's addresses; empty: all
/// @param affinitySeconds how long a client stays with an endpoint; 0: no affinity
/// @param externalLocal traffic from outside goes to endpoints of this node only
/// @param internalLocal traffic from inside goes to endpoints of this node only
record ServicePort(
        String namespace,
        String name,
        String portName,
        String protocol,
        String clusterIp,
        int port,
        int nodePort,
        List<String> externalIps,
        List<String> loadBalancerIps,
        List<String> sourceRanges,
        int affinitySeconds,
        boolean externalLocal,
        boolean internalLocal,
        List<Endpoint> endpoints) {

    ServicePort {
        externalIps = List.copyOf(externalIps);
        loadBalancerIps = List.copyOf(loadBalancerIps);
        sourceRanges = List.copyOf(sourceRanges);
        endpoints = List.copyOf(endpoints);
    }

    /// `namespace/name/protocol/port`, unique in a cluster.
    String id() {
        return namespace + "/" + name + "/" + protocol + "/" + portName;
    }
}
