package io.j8s.node.pods;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Everything that the next step of a pod is decided from. Immutable.
///
/// @param pod what is asked for
/// @param sandbox the newest sandbox; null: there is none
/// @param containers the attempts at each container, newest first
/// @param progress what the worker knows beside it
/// @param volumesReady whether all volumes are in place
/// @param sandboxBusy whether the sandbox is being made or stopped now
/// @param sandboxRetryAt before which a sandbox that failed is not tried again
/// @param end why and how the pod has to end; null: it goes on
/// @param initialized whether all init containers were done once in this sandbox
record PodView(
        Pod pod, @Nullable SandboxView sandbox, Map<String, List<ContainerView>> containers, Map<String, ContainerProgress> progress,
        boolean volumesReady, boolean sandboxBusy, @Nullable Instant sandboxRetryAt, @Nullable End end, boolean initialized) {

    PodView {
        containers = Map.copyOf(containers);
        progress = Map.copyOf(progress);
    }

    /// The end of a pod.
    ///
    /// @param graceSeconds how long its containers have
    /// @param reason as in `status.reason`, such as `Evicted`; empty for a deletion
    record End(long graceSeconds, String reason, String message, boolean deleted) {}

    @Nullable ContainerView current(String name) {
        List<ContainerView> attempts = containers.getOrDefault(name, List.of());
        return attempts.isEmpty() ? null : attempts.getFirst();
    }

    @Nullable ContainerView previous(String name) {
        List<ContainerView> attempts = containers.getOrDefault(name, List.of());
        return attempts.size() < 2 ? null : attempts.get(1);
    }

    ContainerProgress progressOf(String name) {
        return progress.getOrDefault(name, ContainerProgress.NEW);
    }

    boolean sandboxReady() {
        return sandbox != null && sandbox.ready();
    }

    List<Container> allContainers() {
        return Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream()).toList();
    }

    static boolean isSidecar(Container container) {
        return container.restartPolicy().equals("Always");
    }

    /// Whether it counts as started: it runs, and its startup probe and postStart hook, if any, succeeded.
    boolean started(Container container) {
        ContainerView view = current(container.name());
        return view != null && view.running() && (progressOf(container.name()).started());
    }

    boolean succeeded(Container container) {
        ContainerView view = current(container.name());
        return view != null && view.ended() && view.exitCode() == 0;
    }

    /// Whether a container that ended like this is to be started again.
    boolean restarts(Container container, ContainerView ended) {
        if (isSidecar(container)) {
            return true;
        }
        String policy = container.restartPolicy().isEmpty() ? pod.spec().restartPolicy() : container.restartPolicy();
        return switch (policy) {
            case "Never" -> false;
            case "OnFailure" -> ended.exitCode() != 0;
            default -> !isInit(container) || ended.exitCode() != 0;
        };
    }

    private boolean isInit(Container container) {
        return pod.spec().initContainers().stream().anyMatch(init -> init.name().equals(container.name()));
    }
}
