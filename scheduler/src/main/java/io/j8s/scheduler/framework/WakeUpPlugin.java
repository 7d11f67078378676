package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.PodInfo;

/// Says which events are worth another try for a pod that this plugin rejected (KEP-4247). A plugin that rejects pods and does not implement this is asked again after every event.
public interface WakeUpPlugin extends Plugin {

    /// Whether the event could make the pod fit, as far as this plugin goes. When in doubt, yes.
    boolean mayHelp(PodInfo pod, ClusterEvent event);
}
