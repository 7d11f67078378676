package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.time.Duration;

/// The last word before a pod is bound: lets it go on, sends it back, or makes it wait for [WaitingPods] to be told.
public interface PermitPlugin extends Plugin {

    /// The word.
    sealed interface Word {
        record Go() implements Word {}

        record Back(String reason) implements Word {}

        /// @param most after so long it goes back
        record Wait(Duration most) implements Word {}
    }

    Word permit(PodInfo pod, NodeInfo node);
}
