package io.j8s.controllers.nodelifecycle;

import java.time.Duration;

/// @param monitorPeriod between looks at all nodes (`--node-monitor-period`)
/// @param startupGrace how long a new node may be silent (`--node-startup-grace-period`)
/// @param grace how long a known node may be silent (`--node-monitor-grace-period`)
/// @param evictionRate nodes of a healthy zone that are cleared each second (`--node-eviction-rate`)
/// @param secondaryEvictionRate the same of a large zone most of whose nodes fail (`--secondary-node-eviction-rate`); in a small one none are
/// @param largeCluster a zone with more nodes than this is large (`--large-cluster-size-threshold`)
/// @param unhealthyShare a zone is in trouble from this share of failing nodes on (`--unhealthy-zone-threshold`)
public record NodeLifecycleSettings(Duration monitorPeriod, Duration startupGrace, Duration grace, double evictionRate, double secondaryEvictionRate, int largeCluster, double unhealthyShare) {
    public static final NodeLifecycleSettings DEFAULT = new NodeLifecycleSettings(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(50), 0.1, 0.01, 50, 0.55);
}
