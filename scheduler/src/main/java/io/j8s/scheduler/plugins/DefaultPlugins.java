package io.j8s.scheduler.plugins;

import io.j8s.scheduler.framework.Profile;
import java.util.List;

/// The plugins of the default profile with their weights, in upstream's order.
public final class DefaultPlugins {

    private DefaultPlugins() {}

    public static List<Profile.Enabled> list(OwnerSelectors owners, Volumes volumes) {
        return List.of(
                new Profile.Enabled(new SchedulingGates(), 0),
                new Profile.Enabled(new NodeUnschedulable(), 0),
                new Profile.Enabled(new NodeName(), 0),
                new Profile.Enabled(new TaintToleration(), 3),
                new Profile.Enabled(new NodeAffinity(io.j8s.model.core.v1.NodeAffinity.EMPTY), 2),
                new Profile.Enabled(new NodePorts(), 0),
                new Profile.Enabled(new NodeResourcesFit(new ScoringStrategy.LeastAllocated(ScoringStrategy.CPU_AND_MEMORY)), 1),
                new Profile.Enabled(new VolumeRestrictions(volumes), 0),
                new Profile.Enabled(new VolumeBinding(volumes), 0),
                new Profile.Enabled(new PodTopologySpread(null, owners), 2),
                new Profile.Enabled(new InterPodAffinity(1, false), 2),
                new Profile.Enabled(new NodeResourcesBalancedAllocation(ScoringStrategy.CPU_AND_MEMORY), 1),
                new Profile.Enabled(new ImageLocality(), 1));
    }
}
