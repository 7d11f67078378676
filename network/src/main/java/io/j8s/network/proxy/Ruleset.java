package io.j8s.network.proxy;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// What one family's table should hold beyond its fixed frame: chains by name, and the elements of its maps and sets.
///
/// @param chains a service's or endpoint's chain to its rules in order
/// @param affinity the dynamic sets that remember clients, to the seconds they remember them
/// @param servicePorts `address . protocol . port` to the chain that handles it
/// @param nodePorts `protocol . port` to the chain that handles it
/// @param refusedPorts `address . protocol . port` of services without endpoints, to `reject` or `drop`
/// @param refusedNodePorts `protocol . port`, likewise
/// @param clusterIps all cluster addresses: what comes to them from outside the pod network is masqueraded
/// @param hairpins endpoint addresses: a pod that reaches itself through a service is masqueraded
record Ruleset(
        Map<String, List<String>> chains,
        Map<String, Integer> affinity,
        Map<String, String> servicePorts,
        Map<String, String> nodePorts,
        Map<String, String> refusedPorts,
        Map<String, String> refusedNodePorts,
        Set<String> clusterIps,
        Set<String> hairpins) {

    static final Ruleset EMPTY =
            new Ruleset(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Set.of(), Set.of());

    Ruleset {
        chains = Map.copyOf(chains);
        affinity = Map.copyOf(affinity);
        servicePorts = Map.copyOf(servicePorts);
        nodePorts = Map.copyOf(nodePorts);
        refusedPorts = Map.copyOf(refusedPorts);
        refusedNodePorts = Map.copyOf(refusedNodePorts);
        clusterIps = Set.copyOf(clusterIps);
        hairpins = Set.copyOf(hairpins);
    }
}
