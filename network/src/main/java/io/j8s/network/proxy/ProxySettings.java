package io.j8s.network.proxy;

import java.time.Duration;
import java.util.List;

/// How the proxy works.
///
/// @param node the name of the node that it runs on
/// @param local whose traffic is local (`--cluster-cidr`, `--detect-local-mode`, `--masquerade-all`)
/// @param nodePortAddresses on which of the node's addresses node ports answer, as ranges (`--nodeport-addresses`); empty: on all; `primary`: on the node's own
/// @param masqueradeBit of the packet mark (`--iptables-masquerade-bit`)
/// @param syncPeriod how often it looks whether its rules are still there (`--iptables-sync-period`)
/// @param minSyncPeriod the least time between two changes of the rules (`nftables.minSyncPeriod`)
/// @param commandPrefix what stands before the programs nft and conntrack, to run them in another network namespace; usually empty
public record ProxySettings(
        String node, LocalTraffic local, List<String> nodePortAddresses, int masqueradeBit, Duration syncPeriod, Duration minSyncPeriod, List<String> commandPrefix) {

    public static final String PRIMARY = "primary";
    public static final int MASQUERADE_BIT = 14;

    public ProxySettings {
        nodePortAddresses = List.copyOf(nodePortAddresses);
        commandPrefix = List.copyOf(commandPrefix);
        if (!syncPeriod.isPositive()) {
            throw new IllegalArgumentException("syncPeriod: must be longer than nothing, not " + syncPeriod);
        }
        if (masqueradeBit < 0 || masqueradeBit > 31) {
            throw new IllegalArgumentException("masqueradeBit: must be within the range [0, 31], not " + masqueradeBit);
        }
        if (nodePortAddresses.contains(PRIMARY) && nodePortAddresses.size() > 1) {
            throw new IllegalArgumentException("nodePortAddresses: \"primary\" stands alone, or ranges are given");
        }
    }

    /// @param podRanges the cluster's pod ranges (`--cluster-cidr`)
    public static ProxySettings of(String node, List<String> podRanges) {
        return new ProxySettings(node, new LocalTraffic.Ranges(podRanges), List.of(), MASQUERADE_BIT, Duration.ofSeconds(30), Duration.ZERO, List.of());
    }
}
