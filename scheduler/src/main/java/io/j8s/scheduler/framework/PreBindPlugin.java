package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;

/// Does what has to be done before a pod is bound (volumes bound and attached to the node's topology). Called on the pod's own binding task; may block.
public interface PreBindPlugin extends Plugin {

    /// Whether there is something to be done for this pod, which has been reserved a place.
    boolean hasWork(PodInfo pod);

    /// @throws Unschedulable when the pod cannot be bound there
    void preBind(PodInfo pod, NodeInfo node) throws InterruptedException;
}
