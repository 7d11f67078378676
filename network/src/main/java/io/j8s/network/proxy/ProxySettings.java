package io.j8s.network.proxy;

import java.time.Duration;
import java.util.List;

/// How the proxy works.
///
/// @param node the name of the node that it runs on
/// @param podRanges the cluster's pod ranges (`--cluster-cidr`): traffic from elsewhere to cluster addresses is masqueraded
/// @param syncPeriod how often it looks whether its rules are still there (`--iptables-sync-period`)
/// @param commandPrefix what stands before the programs nft and conntrack, to run them in another network namespace; usually empty
public record ProxySettings(String node, List<String> podRanges, Duration syncPeriod, List<String> commandPrefix) {

    public ProxySettings {
        podRanges = List.copyOf(podRanges);
        commandPrefix = List.copyOf(commandPrefix);
        if (!syncPeriod.isPositive()) {
            throw new IllegalArgumentException("syncPeriod: must be longer than nothing, not " + syncPeriod);
        }
    }

    public static ProxySettings of(String node, List<String> podRanges) {
        return new ProxySettings(node, podRanges, Duration.ofSeconds(30), List.of());
    }
}
