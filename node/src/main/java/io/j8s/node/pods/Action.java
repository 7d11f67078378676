package io.j8s.node.pods;

import io.j8s.model.core.v1.Container;

/// Something that a pod's worker has to do next.
sealed interface Action {

    /// Put all volumes in place.
    record SetUpVolumes() implements Action {}

    record CreateSandbox(int attempt) implements Action {}

    record StartContainer(Container container, int attempt) implements Action {}

    /// Gives a running container other resources.
    record Resize(ContainerView view, Container container) implements Action {}

    /// @param reason what the event says
    record StopContainer(ContainerView view, Container container, String reason, long graceSeconds) implements Action {}

    /// Has all containers begin anew, the init containers first; none runs any more.
    record StartOver() implements Action {}

    /// Stops the sandbox and gives the network back; containers stay for their logs.
    record StopSandbox(SandboxView sandbox) implements Action {}

    /// Everything has ended: volumes and cgroups can go, and the API can be told that the pod is gone.
    record Finish() implements Action {}
}
