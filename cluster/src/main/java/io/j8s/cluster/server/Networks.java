package io.j8s.cluster.server;

import io.j8s.apiserver.resources.core.AddressWarnings;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// The cluster's own addresses and names. Defaults are kubeadm's.
///
/// @param pods the range that pods get addresses from, such as `10.244.0.0/16`
/// @param services the range of cluster IPs, such as `10.96.0.0/12`
/// @param dns the cluster IP of the DNS service
/// @param domain the domain of Services, such as `cluster.local`
/// @param nodePorts the range of node ports, such as `30000-32767`
public record Networks(String pods, String services, String dns, String domain, String nodePorts) {

    public static final Networks DEFAULT = new Networks("10.244.0.0/16", "10.96.0.0/12", "10.96.0.10", "cluster.local", "30000-32767");

    public Networks {
        parse("--cluster-cidr", pods);
        parse("--service-cluster-ip-range", services);
        checkPorts(nodePorts);
    }

    private static void checkPorts(String range) {
        if (!range.matches("\\d{1,5}-\\d{1,5}")) {
            throw new IllegalArgumentException("--service-node-port-range: '" + range + "' is not a range of ports such as 30000-32767");
        }
    }

    public Networks withServices(String range) {
        return new Networks(pods, range, dns, domain, nodePorts);
    }

    /// The first address of the services' range: the Service `kubernetes`.
    public String apiServiceAddress() {
        byte[] address = parse("--service-cluster-ip-range", services);
        for (int i = address.length - 1; i >= 0 && ++address[i] == 0; i--) {
            continue; // carries into the next higher byte
        }
        try {
            return AddressWarnings.canonical(InetAddress.getByAddress(address).getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes is always one", e);
        }
    }

    /// How long the prefix of a node's part of the pods' range is: 24 (or 64), or that of the whole when it is smaller.
    public int nodePrefix() {
        int length = Integer.parseInt(pods.substring(pods.indexOf('/') + 1));
        return Math.max(length, pods.indexOf(':') < 0 ? 24 : 64);
    }

    /// The part of the pods' range that the first node has.
    public String firstNodeRange() {
        return pods.substring(0, pods.indexOf('/')) + "/" + nodePrefix();
    }

    private static byte[] parse(String flag, String range) {
        int slash = range.indexOf('/');
        try {
            byte[] address = InetAddress.ofLiteral(range.substring(0, Math.max(slash, 0))).getAddress();
            int length = Integer.parseInt(range.substring(slash + 1));
            if (length < 1 || length > address.length * 8 - 2) {
                throw new IllegalArgumentException("the prefix length " + length + " is out of range");
            }
            return address;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(flag + ": '" + range + "' is not an address range such as 10.96.0.0/12: " + e.getMessage(), e);
        }
    }
}
