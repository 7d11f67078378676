package io.j8s.cluster.pki;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What a leaf certificate is to say.
///
/// @param commonName the user or host that it names
/// @param organizations the user's groups
/// @param dnsNames the names a server answers to; empty for a pure client
/// @param addresses the addresses a server answers on
public record CertificateOrder(String commonName, List<String> organizations, boolean server, boolean client, Set<String> dnsNames, Set<InetAddress> addresses) {
    public CertificateOrder {
        if (commonName.isEmpty()) {
            throw new IllegalArgumentException("a certificate needs a common name");
        }
        organizations = List.copyOf(organizations);
        dnsNames = Set.copyOf(dnsNames);
        addresses = Set.copyOf(addresses);
    }

    /// For a client that is this user in these groups.
    public static CertificateOrder client(String user, String... groups) {
        return new CertificateOrder(user, List.of(groups), false, true, Set.of(), Set.of());
    }

    /// For a server under these names and addresses; names that are written as addresses count as such.
    public static CertificateOrder server(String commonName, Set<String> namesAndAddresses) {
        Set<String> names = new TreeSet<>();
        Set<InetAddress> addresses = new java.util.HashSet<>();
        for (String each : namesAndAddresses) {
            try {
                addresses.add(InetAddress.ofLiteral(each));
            } catch (IllegalArgumentException e) {
                names.add(each);
            }
        }
        return new CertificateOrder(commonName, List.of(), true, false, names, addresses);
    }

    public CertificateOrder in(String... groups) {
        return new CertificateOrder(commonName, List.of(groups), server, client, dnsNames, addresses);
    }
}
