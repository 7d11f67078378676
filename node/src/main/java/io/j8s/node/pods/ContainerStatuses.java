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
    private static final String STARTING_OVER = "RestartingAllContainers";
    private static final String STARTED_OVER_MESSAGE = "The container is removed because RestartAllContainers in place";

    private ContainerStatuses() {}

    static ContainerStatus of(PodView view, Container container, boolean init, Instant now) {
        ContainerView current = view.current(container.name());
        ContainerProgress progress = view.progressOf(container.name());
        ContainerStatus status = ContainerStatus.EMPTY.withName(container.name()).withImage(container.image());
        List<VolumeMountStatus> mounts = container.volumeMounts().stream().map(ContainerStatuses::mount).toList();
        status = mounts.isEmpty() ? status : status.withVolumeMounts(mounts);
        ContainerView previous = view.previous(container.name());
        if (current == null) {
            return previous != null ? startedOver(container, previous, status)
                    : status.withState(waiting(view, progress)).withReady(false).withStarted(false).withRestartCount(0).withImageID("");
        }
        status = status.withRestartCount(current.attempt())
                .withImage(current.image().isEmpty() || current.image().startsWith("sha256:") ? container.image() : current.image())
                .withImageID(current.imageId())
                .withContainerID("containerd://" + current.id());
        if (previous != null) {
            status = status.withLastState(s -> s.withTerminated(terminated(previous)));
        }
        if (current.user() != null) {
            status = status.withUser(current.user());
        }
        if (!view.isEphemeral(container)) {
            status = status.withResources(container.resources());
            status = container.resources().requests().isEmpty() ? status : status.withAllocatedResources(container.resources().requests());
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
        return running;
    }

    /// It was ended, or ended by itself, and begins anew with all others.
    private static ContainerStatus startedOver(Container container, ContainerView previous, ContainerStatus status) {
        boolean cause = container.restartPolicyRules().stream().anyMatch(rule -> PodView.applies(rule, previous.exitCode()));
        ContainerStateTerminated last = cause ? terminated(previous)
                : ContainerStateTerminated.EMPTY.withReason(STARTING_OVER).withMessage(STARTED_OVER_MESSAGE).withExitCode(137);
        return status.withState(s -> s.withWaiting(w -> w.withReason(STARTING_OVER).withMessage(STARTED_OVER_MESSAGE))).withLastState(s -> s.withTerminated(last))
                .withReady(false).withStarted(false).withRestartCount(previous.attempt() + 1).withImageID("");
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
