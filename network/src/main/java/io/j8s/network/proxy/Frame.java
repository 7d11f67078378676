package io.j8s.network.proxy;

import java.util.List;

/// What all services of a node share in the rules.
///
/// @param masqueradeBit of the packet mark
/// @param serviceRanges the services' address ranges: what goes to an address of these that no service has is dropped
/// @param nodePortRanges on which of the node's addresses node ports answer; empty: on all but loopback
record Frame(LocalTraffic local, int masqueradeBit, List<String> nodePortRanges, List<String> serviceRanges) {
    Frame {
        nodePortRanges = List.copyOf(nodePortRanges);
        serviceRanges = List.copyOf(serviceRanges);
    }

    static Frame of(List<String> podRanges) {
        return new Frame(new LocalTraffic.Ranges(podRanges), ProxySettings.MASQUERADE_BIT, List.of(), List.of());
    }

    String mark() {
        return "0x" + Integer.toHexString(1 << masqueradeBit);
    }

    /// What marks packets for masquerading after routing.
    String masquerade() {
        return "meta mark set meta mark or " + mark();
    }

    /// The match of packets to an address of this node on which node ports answer; empty: on none of this family.
    String toNode(Family family) {
        if (nodePortRanges.isEmpty()) {
            return "fib daddr type local " + family.table + " daddr != " + family.loopback;
        }
        List<String> own = nodePortRanges.stream().filter(range -> Family.of(range) == family).toList();
        return own.isEmpty() ? "" : "fib daddr type local " + family.table + " daddr { " + String.join(", ", own) + " }";
    }
}
