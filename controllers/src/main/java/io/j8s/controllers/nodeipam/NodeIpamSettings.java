package io.j8s.controllers.nodeipam;

import java.util.List;

/// @param enabled whether nodes get ranges (`--allocate-node-cidrs`)
/// @param clusterCidrs the pod networks, one for each family (`--cluster-cidr`)
/// @param maskV4 how long the prefix of a node's IPv4 range is (`--node-cidr-mask-size-ipv4`)
/// @param maskV6 the same for IPv6 (`--node-cidr-mask-size-ipv6`)
public record NodeIpamSettings(boolean enabled, List<String> clusterCidrs, int maskV4, int maskV6) {
    public static final NodeIpamSettings DEFAULT = new NodeIpamSettings(false, List.of(), 24, 64);

    public NodeIpamSettings {
        clusterCidrs = List.copyOf(clusterCidrs);
        if (enabled && (clusterCidrs.isEmpty() || clusterCidrs.size() > 2)) {
            throw new IllegalArgumentException("--cluster-cidr: to allocate node CIDRs, name one cluster CIDR, or one of each family, not " + clusterCidrs);
        }
    }
}
