package io.j8s.node.pods;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.LifecycleHandler;
import io.j8s.model.core.v1.Pod;
import io.j8s.node.probes.ProbeOutcome;
import java.time.Duration;

/// Runs lifecycle hooks (Kubernetes documentation, "Container Lifecycle Hooks").
final class Hooks {
    private static final Duration LONGEST = Duration.ofHours(1);
    private final PodServices services;

    Hooks(PodServices services) {
        this.services = services;
    }

    /// Answers what went wrong; empty when nothing did. Ends when the thread is interrupted.
    String run(Pod pod, LifecycleHandler hook, Container container, String containerId, String podAddress, Duration atMost) throws InterruptedException {
        Duration limit = atMost.compareTo(LONGEST) > 0 ? LONGEST : atMost;
        ProbeOutcome outcome = ProbeOutcome.HEALTHY;
        if (hook.hasExec()) {
            outcome = services.prober().exec(hook.exec().command(), containerId, limit);
        } else if (hook.hasHttpGet()) {
            outcome = services.prober().http(hook.httpGet(), container, podAddress, limit);
        } else if (hook.hasSleep()) {
            Duration span = Duration.ofSeconds(hook.sleep().seconds());
            services.timeline().sleep(span.compareTo(limit) > 0 ? limit : span);
        }
        String problem = switch (outcome) {
            case ProbeOutcome.Healthy(), ProbeOutcome.Doubtful _ -> "";
            case ProbeOutcome.Unhealthy(String message) -> message.isEmpty() ? "the command failed" : message;
            case ProbeOutcome.Unknown(String message) -> message;
        };
        boolean answered = hook.hasHttpGet() && problem.startsWith("HTTP probe failed with statuscode"); // any answer is good enough for a hook
        return problem.isEmpty() || answered ? "" : what(hook) + " for Container \"" + container.name() + "\" in Pod \"" + pod.metadata().name() + "_" + pod.metadata().namespace()
                + "(" + pod.metadata().uid() + ")\" failed - error: " + problem;
    }

    private static String what(LifecycleHandler hook) {
        return hook.hasExec() ? "Exec lifecycle hook (" + hook.exec().command() + ")" : "HTTP lifecycle hook (" + hook.httpGet().path() + ")";
    }
}
