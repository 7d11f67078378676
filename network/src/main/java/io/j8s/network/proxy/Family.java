package io.j8s.network.proxy;

/// An address family, and the words nftables has for it.
enum Family {
    IPV4("ip", "ipv4_addr", "127.0.0.0/8"),
    IPV6("ip6", "ipv6_addr", "::1");

    /// The table family, and the name of the header in rules.
    final String table;
    /// The type of an address in sets and maps.
    final String addressType;
    final String loopback;

    Family(String table, String addressType, String loopback) {
        this.table = table;
        this.addressType = addressType;
        this.loopback = loopback;
    }

    static Family of(String address) {
        return address.indexOf(':') >= 0 ? IPV6 : IPV4;
    }
}
