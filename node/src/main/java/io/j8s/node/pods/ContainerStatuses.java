package io.j8s.node.pods;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerState;
import io.j8s.model.core.v1.ContainerStateTerminated;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.ResourceRequirements;
import io.j8s.model.core.v1.VolumeMount;
import io.j8s.model.core.v1.VolumeMountStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The status of one container (API reference, "ContainerStatus"), from what the worker knows of it. Pure.
final class ContainerStatuses {
    private ContainerStatuses() {}

    static ContainerStatus of(PodView view, Container container, boolean init, Instant now) {
        ContainerView current = view.current(container.name());
        ContainerProgress progress = view.progressOf(container.name());
        ContainerStatus status = ContainerStatus.EMPTY.withName(container.name()).withImage(container.image());
        if (current == null) {
            return status.withState(waiting(view, progress)).withReady(false).withStarted(false).withRestartCount(0).withImageID("");
        }
        ContainerView previous = view.previous(container.name());
        status = status.withRestartCount(current.attempt())
                .withImage(current.image().isEmpty() || current.image().startsWith("sha256:") ? container.image() : current.image())
                .withImageID(current.imageId())
                .withContainerID("containerd://" + current.id());
        if (previous != null) {
            status = status.withLastState(s -> s.withTerminated(terminated(previous)));
        }
        return switch (current.state()) {
            case RUNNING -> running(view, container, init, current, progress, status);
            case CREATED -> status.withState(waiting(view, progress)).withReady(false).withStarted(false);
            case EXITED, UNKNOWN -> ended(view, container, init, current, progress, status, now);
        };
    }

    private static ContainerStatus running(PodView view, Container container, boolean init, ContainerView current, ContainerProgress progress, ContainerStatus status) {
        boolean ready = progress.started() && progress.ready() && (!init || PodView.isSidecar(container)) && !view.isEphemeral(container);
        ContainerStatus running = status.withState(s -> s.withRunning(r -> r.withStartedAt(seconds(current.startedAt() == null ? current.createdAt() : current.startedAt()))))
                .withReady(ready).withStarted(progress.started());
        ResourceRequirements given = view.applied().getOrDefault(current.id(), container.resources());
        if (!given.isEmpty()) {
            running = running.withResources(given);
            Map<String, Quantity> allocated = (view.resize() == null ? container.resources() : given).requests();
            running = allocated.isEmpty() ? running : running.withAllocatedResources(allocated);
        }
        List<VolumeMountStatus> mounts = container.volumeMounts().stream().map(ContainerStatuses::mount).toList();
        return mounts.isEmpty() ? running : running.withVolumeMounts(mounts);
    }

    private static VolumeMountStatus mount(VolumeMount mount) {
        VolumeMountStatus status = VolumeMountStatus.EMPTY.withName(mount.name()).withMountPath(mount.mountPath());
        return mount.readOnly() ? status.withReadOnly(true).withRecursiveReadOnly("Disabled") : status;
    }

    private static ContainerStatus ended(PodView view, Container container, boolean init, ContainerView current, ContainerProgress progress, ContainerStatus status, Instant now) {
        boolean done = init && !PodView.isSidecar(container) && current.exitCode() == 0;
        ContainerStatus ended = status.withReady(done).withStarted(false);
        boolean restarts = view.end() == null && !done && !PodPlan.terminal(view) && view.restarts(container, current);
        if (restarts && !progress.waiting().isEmpty()) {
            return ended.withState(waiting(view, progress)).withLastState(s -> s.withTerminated(terminated(current)));
        }
        if (restarts && !progress.busy() && progress.backoff().due(current.end()).isAfter(now)) {
            ContainerState waiting = ContainerState.EMPTY.withWaiting(w -> w.withReason("CrashLoopBackOff").withMessage(
                    backOffMessage(progress.backoff(), container.name(), view)));
            return ended.withState(waiting).withLastState(s -> s.withTerminated(terminated(current)));
        }
        return ended.withState(s -> s.withTerminated(terminated(current)));
    }

    /// In the words that scripts match on.
    static String backOffMessage(RestartBackoff backoff, String container, PodView view) {
        var metadata = view.pod().metadata();
        return "back-off " + duration(backoff.span().toSeconds()) + " restarting failed container=" + container
                + " pod=" + metadata.name() + "_" + metadata.namespace() + "(" + metadata.uid() + ")";
    }

    private static String duration(long seconds) {
        return seconds < 60 ? seconds + "s" : seconds / 60 + "m" + seconds % 60 + "s";
    }

    private static ContainerState waiting(PodView view, ContainerProgress progress) {
        String usual = view.pod().spec().initContainers().isEmpty() || PodPlan.initDone(view) ? "ContainerCreating" : "PodInitializing";
        return ContainerState.EMPTY.withWaiting(w -> {
            var waiting = w.withReason(progress.waiting().isEmpty() ? usual : progress.waiting());
            return progress.message().isEmpty() ? waiting : waiting.withMessage(progress.message());
        });
    }

    private static ContainerStateTerminated terminated(ContainerView ended) {
        String reason = ended.state() == ContainerView.State.UNKNOWN ? "ContainerStatusUnknown" : ended.reason();
        ContainerStateTerminated terminated = ContainerStateTerminated.EMPTY.withExitCode(ended.exitCode()).withReason(reason)
                .withContainerID("containerd://" + ended.id()).withFinishedAt(seconds(ended.end()));
        Instant started = ended.startedAt();
        terminated = started == null ? terminated : terminated.withStartedAt(seconds(started));
        return ended.message().isEmpty() ? terminated : terminated.withMessage(ended.message());
    }

    private static Instant seconds(@Nullable Instant time) {
        return (time == null ? Instant.EPOCH : time).truncatedTo(ChronoUnit.SECONDS);
    }
}
