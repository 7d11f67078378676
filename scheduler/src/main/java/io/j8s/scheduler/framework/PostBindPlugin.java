package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;

/// Is told of pods that have been bound. Called on the pod's binding task.
public interface PostBindPlugin extends Plugin {

    void bound(PodInfo pod, NodeInfo node);
}
