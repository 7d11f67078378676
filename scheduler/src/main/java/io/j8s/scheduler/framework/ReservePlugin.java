package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;

/// Sets something aside for a pod on the node that was chosen, before it is bound. Called on the scheduling task.
public interface ReservePlugin extends Plugin {

    /// @throws Unschedulable when it cannot be had after all
    void reserve(PodInfo pod, NodeInfo node);

    /// Gives it back: the pod is not bound there after all. Also called for a pod that nothing was reserved for.
    void unreserve(PodInfo pod, NodeInfo node);
}
