package io.j8s.network.proxy;

import java.util.Set;

/// One address that serves a port of a Service.
///
/// @param address an IP address of the family of its slice
/// @param local whether it is on this node
/// @param ready whether it takes traffic
/// @param serving whether it could, even while it is being ended
/// @param terminating whether it is being ended
/// @param zones the zones whose traffic is meant for it; empty: all
/// @param nodes the nodes whose traffic is meant for it; empty: all
record Endpoint(
        String address, int port, boolean local, boolean ready, boolean serving, boolean terminating, Set<String> zones, Set<String> nodes) {

    Endpoint {
        zones = Set.copyOf(zones);
        nodes = Set.copyOf(nodes);
    }
}
