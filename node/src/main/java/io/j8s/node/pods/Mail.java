package io.j8s.node.pods;

import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ResourceRequirements;
import java.nio.file.Path;
import java.util.Map;

/// What a pod's worker is told.
sealed interface Mail {

    /// The pod as the API (or a manifest) has it now.
    record Desired(Pod pod) implements Mail {}

    /// Nothing asks for the pod any more.
    record Gone() implements Mail {}

    /// The pod has to make room.
    record Evict(String reason, String message, long graceSeconds) implements Mail {}

    /// The node does not take the pod.
    record Rejected(Rejection rejection) implements Mail {}

    /// Something happened to a container or sandbox of the pod.
    ///
    /// @param exited whether its process ended, so that the runtime is about to show it as ended
    record Changed(String id, boolean exited) implements Mail {}

    record VolumesReady(Map<String, Path> places) implements Mail {}

    record VolumesFailed() implements Mail {}

    record SandboxMade(SandboxView sandbox) implements Mail {}

    record SandboxFailed() implements Mail {}

    record SandboxStopped() implements Mail {}

    /// A container was started, and its postStart hook ran.
    ///
    /// @param resources that it was given
    record Started(String container, String id, ResourceRequirements resources) implements Mail {}

    record Resized(String container, String id, ResourceRequirements resources) implements Mail {}

    record ResizeFailed(String container, String message) implements Mail {}

    record StartFailed(String container, StartException failure) implements Mail {}

    record Stopped(String container, String id) implements Mail {}

    /// A probe changed its mind about a container.
    record Probed(String container, String id, Verdict verdict, String message) implements Mail {}

    enum Verdict { STARTED, READY, NOT_READY, KILL }

    /// Look again although nothing is known to have happened.
    record LookAgain() implements Mail {}
}
