package io.j8s.network.dns;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/// How cluster DNS works.
///
/// @param domain the cluster's domain, such as `cluster.local`
/// @param addresses where it listens, over UDP and TCP
/// @param forwardTo the name servers asked for all other names, in order
/// @param stubDomains domains whose names are asked of name servers of their own, such as a company's
public record DnsSettings(String domain, List<InetSocketAddress> addresses, List<InetSocketAddress> forwardTo, Map<String, List<InetSocketAddress>> stubDomains) {

    public DnsSettings {
        addresses = List.copyOf(addresses);
        forwardTo = List.copyOf(forwardTo);
        stubDomains = Map.copyOf(stubDomains);
        if (domain.isEmpty()) {
            throw new IllegalArgumentException("domain: a cluster's domain may not be empty; the usual one is cluster.local");
        }
    }
}
