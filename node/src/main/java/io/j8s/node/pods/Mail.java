package io.j8s.node.pods;

import io.j8s.model.core.v1.Pod;
import java.nio.file.Path;
import java.util.Map;

/// What a pod's worker is told.
sealed interface Mail {

    /// The pod as the API (or a manifest) has it now.
    record Desired(Pod pod) implements Mail {}

    /// Nothing asks for the pod any more.
    record Gone() implements Mail {}

    /// The pod has to make room.
    record Evict(String reason, String message) implements Mail {}

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
    record Started(String container, String id) implements Mail {}

    record StartFailed(String container, StartException failure) implements Mail {}

    record Stopped(String container, String id) implements Mail {}

    /// A probe changed its mind about a container.
    record Probed(String container, String id, Verdict verdict, String message) implements Mail {}

    enum Verdict { STARTED, READY, NOT_READY, KILL }

    /// Look again although nothing is known to have happened.
    record LookAgain() implements Mail {}
}
