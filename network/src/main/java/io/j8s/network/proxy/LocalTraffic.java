package io.j8s.network.proxy;

import java.util.List;

/// How the traffic of this node's pods is told from that of others (`--detect-local-mode`). What comes from others to a cluster address is masqueraded,
/// so that its answers come back through this node.
public sealed interface LocalTraffic {

    /// Which packets are not local, as a match of nftables; empty: all are.
    String others(String family);

    /// Which packets are from this node's pods, as a match of nftables; empty: that cannot be told.
    String own(String family);

    /// Pods have addresses of these ranges.
    record Ranges(List<String> ranges) implements LocalTraffic {
        public Ranges {
            ranges = List.copyOf(ranges);
        }

        @Override
        public String others(String family) {
            List<String> own = ranges.stream().filter(range -> Family.of(range).table.equals(family)).toList();
            return own.isEmpty() ? "" : family + " saddr != { " + String.join(", ", own) + " }";
        }

        @Override
        public String own(String family) {
            return others(family).replace("!= ", "");
        }
    }

    /// Pods hang on this bridge.
    record Bridge(String name) implements LocalTraffic {
        @Override
        public String others(String family) {
            return "iifname != \"" + name + "\"";
        }

        @Override
        public String own(String family) {
            return "iifname \"" + name + "\"";
        }
    }

    /// Pods hang on interfaces whose names begin like this.
    record InterfacePrefix(String prefix) implements LocalTraffic {
        @Override
        public String others(String family) {
            return "iifname != \"" + prefix + "*\"";
        }

        @Override
        public String own(String family) {
            return "iifname \"" + prefix + "*\"";
        }
    }

    /// Nobody's is: everything is masqueraded (`--masquerade-all`).
    record None() implements LocalTraffic {
        @Override
        public String others(String family) {
            return "meta l4proto { tcp, udp, sctp }";
        }

        @Override
        public String own(String family) {
            return "";
        }
    }
}
