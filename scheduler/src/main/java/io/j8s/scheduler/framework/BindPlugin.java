package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;

/// Binds a pod to its node. Called on the pod's binding task; blocks.
public interface BindPlugin extends Plugin {

    /// Whether it has bound the pod; false: the next one may.
    boolean bind(PodInfo pod, NodeInfo node);
}
