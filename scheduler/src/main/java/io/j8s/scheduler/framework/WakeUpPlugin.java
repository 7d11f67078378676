package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.PodInfo;
import java.util.Set;

/// Says which events are worth another try for a pod that this plugin rejected (KEP-4247). A plugin that rejects pods and does not implement this is asked again after every event.
public interface WakeUpPlugin extends Plugin {

    /// The kinds of events that could help any pod. That the pod itself was changed, or has waited for long, always counts.
    Set<ClusterEvent.Kind> events();

    /// Whether an event of one of these kinds could make the pod fit, as far as this plugin goes. When in doubt, yes.
    boolean mayHelp(PodInfo pod, ClusterEvent event);
}
