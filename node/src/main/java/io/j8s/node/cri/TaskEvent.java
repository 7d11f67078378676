package io.j8s.node.cri;

import java.time.Instant;

/// Something that happened to a container's main process, as containerd tells it at once.
public sealed interface TaskEvent {
    String containerId();

    record Started(String containerId, int pid) implements TaskEvent {}

    record Exited(String containerId, int exitCode, Instant at) implements TaskEvent {}

    /// The kernel killed a process of the container because its memory limit was reached.
    record OutOfMemory(String containerId) implements TaskEvent {}
}
