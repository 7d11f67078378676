package io.j8s.node.pods;

import io.j8s.model.core.v1.Container;

/// The phase of a pod (Kubernetes documentation, "Pod phase").
enum PodPhase {
    PENDING("Pending"),
    RUNNING("Running"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed");

    private final String text;

    PodPhase(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    boolean terminal() {
        return this == SUCCEEDED || this == FAILED;
    }

    /// @param ended whether the pod has come to its end and no container will start again
    static PodPhase of(PodView view, boolean ended) {
        String before = view.pod().status().phase();
        if (before.equals(SUCCEEDED.text) || before.equals(FAILED.text)) {
            return before.equals(SUCCEEDED.text) ? SUCCEEDED : FAILED;
        }
        if (view.end() != null && !view.end().deleted()) {
            return FAILED;
        }
        if (view.startsOver()) {
            return RUNNING;
        }
        if (PodPlan.initFailed(view)) {
            return FAILED;
        }
        if (!PodPlan.initDone(view)) {
            return ended ? FAILED : PENDING;
        }
        return ofContainers(view, ended);
    }

    private static PodPhase ofContainers(PodView view, boolean ended) {
        int waiting = 0;
        int running = 0;
        int stopped = 0;
        int succeeded = 0;
        for (Container container : view.pod().spec().containers()) {
            ContainerView current = view.current(container.name());
            if (current == null || current.state() == ContainerView.State.CREATED) {
                waiting += view.previous(container.name()) == null ? 1 : 0;
                stopped += view.previous(container.name()) == null ? 0 : 1;
            } else if (current.running()) {
                running++;
            } else {
                stopped++;
                succeeded += current.exitCode() == 0 ? 1 : 0;
            }
        }
        if (ended) {
            return stopped > 0 && waiting == 0 && stopped == succeeded ? SUCCEEDED : FAILED;
        }
        if (waiting > 0) {
            return PENDING;
        }
        if (running > 0) {
            return RUNNING;
        }
        return stoppedPhase(view, stopped, succeeded);
    }

    private static PodPhase stoppedPhase(PodView view, int stopped, int succeeded) {
        String policy = view.pod().spec().restartPolicy();
        if (stopped == 0) {
            return PENDING;
        }
        return switch (policy) {
            case "Never" -> stopped == succeeded ? SUCCEEDED : FAILED;
            case "OnFailure" -> stopped == succeeded ? SUCCEEDED : RUNNING;
            default -> RUNNING;
        };
    }
}
