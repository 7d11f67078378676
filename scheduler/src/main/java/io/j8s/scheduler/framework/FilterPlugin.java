package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.PodInfo;
import org.jspecify.annotations.Nullable;

/// Rules nodes out (extension points PreFilter and Filter).
public interface FilterPlugin extends Plugin {

    /// The filter for the cycle's pod; null when every node will do.
    ///
    /// @throws Unschedulable when no node can do, whatever its state
    @Nullable NodeFilter filter(Cycle cycle);

    /// What its answers for a node depend on besides what [Placement] takes pods to be alike by; equal objects, equal answers. Empty for nothing.
    default Object kind(PodInfo pod) {
        return "";
    }

    /// What the filter depends on. With [Reach#NODE], whatever it reads from the pod must be in [Placement]'s notion of pods that are alike.
    default Reach filterReach() {
        return Reach.CLUSTER;
    }
}
