package io.j8s.cluster.server;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The addresses by which others reach this host.
final class HostAddresses {
    private HostAddresses() {}

    /// All but loopback and link-local ones, without zones.
    static Set<String> all() {
        Set<String> found = new TreeSet<>();
        try (Stream<NetworkInterface> interfaces = NetworkInterface.networkInterfaces()) {
            interfaces.filter(HostAddresses::isOwn).flatMap(NetworkInterface::inetAddresses)
                    .filter(a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress() && !a.isMulticastAddress())
                    .map(InetAddress::getHostAddress)
                    .map(a -> a.contains("%") ? a.substring(0, a.indexOf('%')) : a)
                    .forEach(found::add);
        } catch (SocketException e) {
            return Set.of();
        }
        return found;
    }

    /// Bridges that we or container engines make come and go: they name no host.
    private static boolean isOwn(NetworkInterface each) {
        String name = each.getName();
        return !name.startsWith("cni") && !name.startsWith("veth") && !name.startsWith("docker") && !name.startsWith("br-");
    }
}
