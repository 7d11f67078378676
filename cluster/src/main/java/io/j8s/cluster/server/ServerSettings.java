package io.j8s.cluster.server;

import io.j8s.cluster.host.DataDirectory;
import io.j8s.controllers.cloud.AddressPool;
import java.util.Set;

/// What a cluster in one process is to be like.
///
/// @param durable whether objects are kept on disk; else in memory, for tests
/// @param bindAddress where the API server listens
/// @param port 0: any free one
/// @param tlsNames further names and addresses for the API server's certificate
/// @param nodeName the name of this host's node
/// @param loadBalancers addresses for services of the type LoadBalancer; none: those of the nodes
/// @param node how the parts of this host's node are
public record ServerSettings(DataDirectory directory, boolean durable, String bindAddress, int port, Set<String> tlsNames, Networks networks, NodeMode nodes, String nodeName, AddressPool loadBalancers,
        NodeSettings node) {
    /// Load balancers have the nodes' addresses.
    public ServerSettings(DataDirectory directory, boolean durable, String bindAddress, int port, Set<String> tlsNames, Networks networks, NodeMode nodes, String nodeName) {
        this(directory, durable, bindAddress, port, tlsNames, networks, nodes, nodeName, AddressPool.NONE, NodeSettings.USUAL);
    }

    public ServerSettings {
        tlsNames = Set.copyOf(tlsNames);
        HostAddresses.check("--bind-address", bindAddress);
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("--secure-port: " + port + " is not a port; 1 to 65535 are");
        }
    }

    public ServerSettings withPort(int newPort) {
        return new ServerSettings(directory, durable, bindAddress, newPort, tlsNames, networks, nodes, nodeName, loadBalancers, node);
    }
}
