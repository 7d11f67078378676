package io.j8s.controllers.nodeipam;

import java.util.List;

/// @param enabled whether nodes get ranges (`--allocate-node-cidrs`)
/// @param clusterCidrs the pod networks, one for each family (`--cluster-cidr`)
/// @param maskV4 how long the prefix of a node's IPv4 range is (`--node-cidr-mask-size-ipv4`)
/// @param maskV6 the same for IPv6 (`--node-cidr-mask-size-ipv6`)
/// @param serviceCidrs the ranges of services, of which no node gets a part (`--service-cluster-ip-range`)
public record NodeIpamSettings(boolean enabled, List<String> clusterCidrs, int maskV4, int maskV6, List<String> serviceCidrs) {
    public static final NodeIpamSettings DEFAULT = new NodeIpamSettings(false, List.of(), 24, 64, List.of());

    public NodeIpamSettings {
        clusterCidrs = List.copyOf(clusterCidrs);
        serviceCidrs = List.copyOf(serviceCidrs);
        if (enabled && (clusterCidrs.isEmpty() || clusterCidrs.size() > 2)) {
            throw new IllegalArgumentException("--cluster-cidr: to allocate node CIDRs, name one cluster CIDR, or one of each family, not " + clusterCidrs);
        }
    }
}
