package io.j8s.node.pods;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;

/// How long containers have to end by themselves.
final class PodGrace {
    private static final long DEFAULT_SECONDS = 30;

    private PodGrace() {}

    static long of(Pod pod) {
        return pod.spec().hasTerminationGracePeriodSeconds() ? pod.spec().terminationGracePeriodSeconds() : DEFAULT_SECONDS;
    }

    /// For a container that is stopped because a probe failed: the probe may have a period of its own.
    static long of(Pod pod, Container container) {
        if (container.livenessProbe().hasTerminationGracePeriodSeconds()) {
            return container.livenessProbe().terminationGracePeriodSeconds();
        }
        return container.startupProbe().hasTerminationGracePeriodSeconds() ? container.startupProbe().terminationGracePeriodSeconds() : of(pod);
    }
}
