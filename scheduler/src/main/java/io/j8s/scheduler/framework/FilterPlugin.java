package io.j8s.scheduler.framework;

import org.jspecify.annotations.Nullable;

/// Rules nodes out (extension points PreFilter and Filter).
public interface FilterPlugin extends Plugin {

    /// The filter for the cycle's pod; null when every node will do.
    ///
    /// @throws Unschedulable when no node can do, whatever its state
    @Nullable NodeFilter filter(Cycle cycle);

    /// What the filter depends on. With [Reach#NODE], whatever it reads from the pod must be in [Placement]'s notion of pods that are alike.
    default Reach filterReach() {
        return Reach.CLUSTER;
    }
}
