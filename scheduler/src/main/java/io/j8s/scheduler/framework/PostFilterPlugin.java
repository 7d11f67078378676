package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.PodInfo;

/// Tries to make room for a pod that fits nowhere. Called on the scheduling task; what it wants done to the cluster it does on tasks of its own.
public interface PostFilterPlugin extends Plugin {

    /// What came of it.
    sealed interface Outcome {
        /// Room is being made on this node.
        record Nominated(String node) implements Outcome {}

        /// Something was done that may help, and will be noticed by an event.
        record Done() implements Outcome {}

        /// It could not be tried; no further plugin is asked.
        record Failed(String message) implements Outcome {}

        /// Nothing can be done.
        ///
        /// @param message shown after the reasons
        /// @param keepNomination whether the node that the pod was promised before is still promised
        record Nothing(String message, boolean keepNomination) implements Outcome {}
    }

    Outcome makeRoom(PodInfo pod, Diagnosis diagnosis);
}
