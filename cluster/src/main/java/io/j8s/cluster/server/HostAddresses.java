package io.j8s.cluster.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The addresses by which others reach this host.
public final class HostAddresses {
    private HostAddresses() {}

    /// All but loopback and link-local ones, without zones.
    public static Set<String> all() {
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

    /// The address from which this host reaches others: that of its default route, or else its first one, or else loopback.
    public static InetAddress primary() throws IOException {
        try (DatagramChannel socket = DatagramChannel.open(StandardProtocolFamily.INET)) {
            // Choosing a peer sends nothing: it only has the kernel choose the route. The address is one for documentation (RFC 5737).
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("198.51.100.1"), 9));
            return ((InetSocketAddress) socket.getLocalAddress()).getAddress();
        } catch (IOException e) {
            Set<String> all = all();
            return all.isEmpty() ? InetAddress.getLoopbackAddress() : InetAddress.ofLiteral(all.iterator().next());
        }
    }

    /// Checks that a flag's value is an address, which upstream's are, and no name.
    static void check(String flag, String address) {
        try {
            InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(flag + ": '" + address + "' is not an IP address such as 0.0.0.0, 127.0.0.1 or ::", e);
        }
    }

    /// Where others on the network reach what listens at this address of ours; empty when nobody can.
    ///
    /// @param bound such as `0.0.0.0`, or one address
    static String advertised(String bound) throws IOException {
        InetAddress address = InetAddress.ofLiteral(bound);
        if (address.isAnyLocalAddress() || address.isLoopbackAddress()) {
            address = primary();
        }
        return address.isLoopbackAddress() ? "" : address.getHostAddress();
    }

    /// Bridges that we or container engines make come and go: they name no host.
    private static boolean isOwn(NetworkInterface each) {
        String name = each.getName();
        return !name.startsWith("j8s") && !name.startsWith("cni") && !name.startsWith("veth") && !name.startsWith("docker") && !name.startsWith("br-");
    }
}
