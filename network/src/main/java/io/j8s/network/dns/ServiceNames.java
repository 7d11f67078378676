package io.j8s.network.dns;

import java.net.InetAddress;
import java.util.List;

/// What DNS says of one Service. Immutable.
///
/// @param clusterIps its cluster addresses; empty for headless services and external names
/// @param externalName the name it stands for; empty unless its type is ExternalName
/// @param endpoints of a headless service: its addresses that are to be published
record ServiceNames(String namespace, String name, List<InetAddress> clusterIps, String externalName, List<Port> ports, List<Backend> endpoints) {

    ServiceNames {
        clusterIps = List.copyOf(clusterIps);
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }

    /// @param name may be empty
    /// @param protocol `tcp`, `udp` or `sctp`
    record Port(String name, String protocol, int number) {}

    /// One published address of a headless service.
    ///
    /// @param hostname its label under the service's name: the pod's hostname, or its address with dashes
    record Backend(InetAddress address, String hostname, List<Port> ports) {
        Backend {
            ports = List.copyOf(ports);
        }
    }

    boolean headless() {
        return clusterIps.isEmpty() && externalName.isEmpty();
    }
}
