package io.j8s.scheduler.framework;

import org.jspecify.annotations.Nullable;

/// Rules nodes out (extension points PreFilter and Filter).
public interface FilterPlugin extends Plugin {

    /// The filter for the cycle's pod; null when every node will do.
    ///
    /// @throws Unschedulable when no node can do, whatever its state
    @Nullable NodeFilter filter(Cycle cycle);

    /// Whether the filter depends on nothing but the pod's specification and the node object: then its answers are kept for pods that are alike.
    default boolean staysWithNode() {
        return false;
    }
}
