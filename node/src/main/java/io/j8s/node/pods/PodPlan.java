package io.j8s.node.pods;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ResourceRequirements;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides what a pod needs next: a pure function of [PodView] and the time.
///
/// The order of a pod's life (Kubernetes documentation, "Pod Lifecycle", "Init Containers", "Sidecar Containers"): volumes; sandbox; init containers one
/// after another, where a sidecar counts as done once it has started; then all other containers at once. Containers that end are started again as
/// their restart policy says, each after its back-off. At the end of the pod the ordinary containers are stopped first, then the sidecars in
/// reverse order, then the sandbox.
///
/// @param actions to do now, side by side
/// @param wakeAt when to look again although nothing happened; null: only when something happens
record PodPlan(List<Action> actions, @Nullable Instant wakeAt) {

    static PodPlan of(PodView view, Instant now) {
        Draft draft = new Draft(view, now);
        if (view.end() != null) {
            draft.end(view.end());
        } else if (terminal(view)) {
            draft.release();
        } else {
            draft.goOn();
        }
        return new PodPlan(List.copyOf(draft.actions), draft.wakeAt);
    }

    /// Whether all containers have ended and none starts again, so that the phase is Succeeded or Failed.
    static boolean terminal(PodView view) {
        Pod pod = view.pod();
        if (initFailed(view) || pod.status().phase().equals("Succeeded") || pod.status().phase().equals("Failed")) {
            return true;
        }
        return !pod.spec().containers().isEmpty() && pod.spec().containers().stream().allMatch(container -> {
            ContainerView last = view.current(container.name());
            return last != null && last.ended() && !view.restarts(container, last);
        });
    }

    /// Whether an init container failed that is not tried again.
    static boolean initFailed(PodView view) {
        return !view.initialized() && view.pod().spec().initContainers().stream().anyMatch(container -> {
            ContainerView last = view.current(container.name());
            return last != null && last.ended() && last.exitCode() != 0 && !view.restarts(container, last);
        });
    }

    /// Whether every init container has done its part: ended well, or started if it is a sidecar.
    static boolean initDone(PodView view) {
        return view.initialized()
                || view.pod().spec().initContainers().stream().allMatch(c -> PodView.isSidecar(c) ? view.started(c) : view.succeeded(c));
    }

    private static final class Draft {
        private final PodView view;
        private final Instant now;
        private final List<Action> actions = new ArrayList<>();
        private @Nullable Instant wakeAt;

        Draft(PodView view, Instant now) {
            this.view = view;
            this.now = now;
        }

        void goOn() {
            if (!view.volumesReady()) {
                actions.add(new Action.SetUpVolumes());
            } else if (!view.sandboxReady()) {
                sandbox();
            } else {
                containers();
            }
        }

        /// A sandbox that died takes its containers with it: what still runs is stopped before the next one is made.
        private void sandbox() {
            boolean running = false;
            for (Container container : view.allContainers()) {
                ContainerView current = view.current(container.name());
                if (current != null && current.running()) {
                    running = true;
                    stop(container, current, "the pod's sandbox changed", 0);
                }
            }
            if (!running && !view.sandboxBusy() && due(view.sandboxRetryAt())) {
                actions.add(new Action.CreateSandbox(view.sandbox() == null ? 0 : view.sandbox().attempt() + 1));
            }
        }

        /// Ends whatever runs, at once, and has all begin anew.
        private void startOver() {
            boolean none = true;
            for (Container container : view.pod().spec().containers()) {
                none &= stopped(container, 0, "killing");
            }
            for (Container container : view.pod().spec().initContainers()) {
                none &= stopped(container, 0, "killing");
            }
            if (none) {
                actions.add(new Action.StartOver());
            }
        }

        private void containers() {
            if (view.mustStartOver()) {
                startOver();
                return;
            }
            boolean initDone = PodPlan.initDone(view);
            PodView.ephemeral(view.pod()).forEach(this::keepRunning);
            for (Container container : view.pod().spec().initContainers()) {
                if (PodView.isSidecar(container)) {
                    keepRunning(container);
                    if (!initDone && !view.started(container)) {
                        return;
                    }
                } else if (!initDone && !view.succeeded(container)) {
                    keepRunning(container);
                    return;
                }
            }
            for (Container container : view.pod().spec().containers()) {
                keepRunning(container);
            }
        }

        private void keepRunning(Container container) {
            ContainerProgress progress = view.progressOf(container.name());
            if (progress.busy()) {
                return;
            }
            ContainerView current = view.current(container.name());
            if (current == null) {
                start(container, 0, progress.retryAt());
            } else if (current.running()) {
                supervise(container, current, progress);
            } else if (current.state() == ContainerView.State.CREATED) {
                start(container, current.attempt() + 1, progress.retryAt());
            } else if (view.restarts(container, current)) {
                Instant due = progress.backoff().due(current.end());
                start(container, current.attempt() + 1, progress.retryAt() != null && progress.retryAt().isAfter(due) ? progress.retryAt() : due);
            }
        }

        private void supervise(Container container, ContainerView current, ContainerProgress progress) {
            if (!progress.kill().isEmpty()) {
                stop(container, current, progress.kill(), PodGrace.of(view.pod(), container));
            } else if (!current.hash().isEmpty() && !current.hash().equals(Labels.hash(container))) {
                stop(container, current, "Container " + container.name() + " definition changed, will be restarted", PodGrace.of(view.pod(), container));
            } else {
                resize(container, current);
            }
        }

        /// Gives a running container the resources that it asks for now (KEP-1287), in place or by a restart, as its policy for what changed says.
        private void resize(Container container, ContainerView current) {
            ResourceRequirements applied = view.applied().get(current.id());
            if (applied == null || view.resize() != null || Resizing.same(applied, container.resources())) {
                return;
            }
            if (Resizing.restarts(applied, container)) {
                stop(container, current, "Container " + container.name() + " resize requires restart", PodGrace.of(view.pod(), container));
            } else if (due(view.progressOf(container.name()).retryAt())) {
                actions.add(new Action.Resize(current, container));
            }
        }

        private void start(Container container, int attempt, @Nullable Instant at) {
            if (due(at)) {
                actions.add(new Action.StartContainer(container, attempt));
            }
        }

        /// Whether the moment has come; if not, it is kept in mind.
        private boolean due(@Nullable Instant at) {
            if (at == null || !at.isAfter(now)) {
                return true;
            }
            wakeAt = wakeAt == null || at.isBefore(wakeAt) ? at : wakeAt;
            return false;
        }

        /// The pod is done: only its sandbox, and sidecars in it, are still there.
        void release() {
            if (stopAll(30, "the pod's containers have ended") && view.sandboxReady() && view.sandbox() != null && !view.sandboxBusy()) {
                actions.add(new Action.StopSandbox(view.sandbox()));
            }
        }

        void end(PodView.End end) {
            String reason = end.deleted() ? "" : end.message();
            if (!stopAll(end.graceSeconds(), reason) || view.sandboxBusy()) {
                return;
            }
            if (view.sandboxReady() && view.sandbox() != null) {
                actions.add(new Action.StopSandbox(view.sandbox()));
            } else {
                actions.add(new Action.Finish());
            }
        }

        /// Stops what runs, in order; answers whether nothing runs, or is being started or stopped, any more.
        private boolean stopAll(long graceSeconds, String reason) {
            boolean none = true;
            List<Container> ordinary = new ArrayList<>(view.pod().spec().containers());
            view.pod().spec().initContainers().stream().filter(c -> !PodView.isSidecar(c)).forEach(ordinary::add);
            ordinary.addAll(PodView.ephemeral(view.pod()));
            for (Container container : ordinary) {
                none &= stopped(container, graceSeconds, reason);
            }
            for (Container container : view.pod().spec().initContainers().reversed()) {
                if (PodView.isSidecar(container) && none) {
                    none = stopped(container, graceSeconds, reason);
                }
            }
            return none;
        }

        private boolean stopped(Container container, long graceSeconds, String reason) {
            ContainerView current = view.current(container.name());
            if (current != null && current.running()) {
                stop(container, current, reason, graceSeconds);
                return false;
            }
            return !view.progressOf(container.name()).busy();
        }

        private void stop(Container container, ContainerView current, String reason, long graceSeconds) {
            if (!view.progressOf(container.name()).busy()) {
                actions.add(new Action.StopContainer(current, container, reason, graceSeconds));
            }
        }
    }
}
