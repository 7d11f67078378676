package io.j8s.node.pods;

import io.j8s.client.events.EventRecorder;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Probe;
import io.j8s.node.probes.ProbeCounts;
import io.j8s.node.probes.ProbeOutcome;
import io.j8s.runtime.Task;
import java.time.Duration;
import java.util.function.Consumer;

/// Probes one attempt of a container again and again and tells the pod's worker when the verdict changes. One task.
final class ProbeLoop {

    enum Kind {
        STARTUP("Startup"), READINESS("Readiness"), LIVENESS("Liveness");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    private final PodServices services;
    private final Pod pod;
    private final Container container;
    private final String id;
    private final String address;
    private final Kind kind;
    private final Probe probe;
    private final Consumer<Mail> worker;

    private ProbeLoop(PodServices services, Pod pod, Container container, String id, String address, Kind kind, Probe probe, Consumer<Mail> worker) {
        this.services = services;
        this.pod = pod;
        this.container = container;
        this.id = id;
        this.address = address;
        this.kind = kind;
        this.probe = probe;
        this.worker = worker;
    }

    static Task start(PodServices services, Pod pod, Container container, String id, String address, Kind kind, Probe probe, Consumer<Mail> worker) {
        ProbeLoop loop = new ProbeLoop(services, pod, container, id, address, kind, probe, worker);
        return services.timeline().start(kind.text + " probe " + pod.metadata().namespace() + "/" + pod.metadata().name() + "/" + container.name(), loop::run);
    }

    private void run() throws InterruptedException {
        services.timeline().sleep(Duration.ofSeconds(probe.initialDelaySeconds()));
        int successes = 0;
        int failures = 0;
        while (true) {
            long begun = services.timeline().nanoTime();
            ProbeOutcome outcome = services.prober().probe(probe, container, id, address);
            services.probes().count(new ProbeCounts.Key(container.name(), pod.metadata().namespace(), pod.metadata().name(), pod.metadata().uid(), kind.text, result(outcome)));
            switch (outcome) {
                case ProbeOutcome.Doubtful(String message) -> {
                    failures = 0;
                    event("ProbeWarning", kind.text + " probe warning: " + message);
                    successes++;
                    if (successes == Math.max(1, probe.successThreshold()) && succeeded()) {
                        return;
                    }
                }
                case ProbeOutcome.Healthy() -> {
                    failures = 0;
                    successes++;
                    if (successes == Math.max(1, probe.successThreshold()) && succeeded()) {
                        return;
                    }
                }
                case ProbeOutcome.Unhealthy(String message) -> {
                    successes = 0;
                    failures++;
                    event("Unhealthy", kind.text + " probe failed: " + message);
                    if (failures == Math.max(1, probe.hasFailureThreshold() ? probe.failureThreshold() : 3) && failed()) {
                        return;
                    }
                }
                case ProbeOutcome.Unknown(String message) -> event("Unhealthy", kind.text + " probe errored and resulted in unknown state: " + message);
            }
            Duration period = Duration.ofSeconds(probe.hasPeriodSeconds() ? Math.max(1, probe.periodSeconds()) : 10);
            services.timeline().sleep(period.minusNanos(services.timeline().nanoTime() - begun));
        }
    }

    private static String result(ProbeOutcome outcome) {
        return switch (outcome) {
            case ProbeOutcome.Healthy(), ProbeOutcome.Doubtful _ -> "successful";
            case ProbeOutcome.Unhealthy _ -> "failed";
            case ProbeOutcome.Unknown _ -> "unknown";
        };
    }

    /// Answers whether the probe has done its part.
    private boolean succeeded() {
        switch (kind) {
            case STARTUP -> worker.accept(new Mail.Probed(container.name(), id, Mail.Verdict.STARTED, ""));
            case READINESS -> worker.accept(new Mail.Probed(container.name(), id, Mail.Verdict.READY, ""));
            case LIVENESS -> {
                return false;
            }
        }
        return kind == Kind.STARTUP;
    }

    private boolean failed() {
        if (kind == Kind.READINESS) {
            worker.accept(new Mail.Probed(container.name(), id, Mail.Verdict.NOT_READY, ""));
            return false;
        }
        String message = "Container " + container.name() + " failed " + (kind == Kind.STARTUP ? "startup" : "liveness") + " probe, will be restarted";
        worker.accept(new Mail.Probed(container.name(), id, Mail.Verdict.KILL, message));
        return true;
    }

    private void event(String reason, String message) {
        services.containerEvent(pod, container.name(), EventRecorder.WARNING, reason, message);
    }
}
