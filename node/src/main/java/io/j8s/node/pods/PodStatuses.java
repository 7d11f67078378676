package io.j8s.node.pods;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.HostIP;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.core.v1.PodIP;
import io.j8s.model.core.v1.PodStatus;
import io.j8s.model.core.v1.ResourceRequirements;
import io.j8s.node.status.PodConditions;
import io.j8s.node.status.PodRequests;
import io.j8s.node.status.Qos;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The whole status of a pod (API reference, "PodStatus"), from what its worker knows. Pure.
final class PodStatuses {
    private PodStatuses() {}

    /// @param before what was written last, whose transition times are kept
    /// @param hostAddresses of the node, the first being its primary one
    /// @param ended whether the pod has come to its end and no container will start again
    static PodStatus of(PodView view, PodStatus before, List<String> hostAddresses, boolean ended, Instant now) {
        PodPhase phase = PodPhase.of(view, ended);
        long generation = view.pod().metadata().generation();
        PodStatus status = addresses(view, before, hostAddresses)
                .withPhase(phase.text())
                .withQosClass(Qos.of(view.pod()).text())
                .withStartTime(before.startTime() == null ? now.truncatedTo(ChronoUnit.SECONDS) : before.startTime())
                .withContainerStatuses(statuses(view, view.pod().spec().containers(), false, now))
                .withInitContainerStatuses(statuses(view, view.pod().spec().initContainers(), true, now))
                .withEphemeralContainerStatuses(statuses(view, PodView.ephemeral(view.pod()), false, now))
                .withConditions(PodConditions.merged(before.conditions(), conditions(view, before, phase), generation, now));
        if (generation > 0) {
            status = status.withObservedGeneration(generation);
        }
        Map<String, Quantity> allocated = PodRequests.of(view.pod());
        status = allocated.isEmpty() ? status : status.withAllocatedResources(allocated);
        status = status.withResources(resources(view.pod(), phase));
        PodView.End end = view.end();
        return end == null || end.reason().isEmpty() ? status : status.withReason(end.reason()).withMessage(end.message());
    }

    /// What the pod as a whole has: while it runs, only those limits are kept that hold for the whole.
    private static ResourceRequirements resources(Pod pod, PodPhase phase) {
        Map<String, Quantity> requests = new TreeMap<>(PodRequests.of(pod));
        Map<String, Quantity> limits = new TreeMap<>(PodRequests.limits(pod));
        if (phase == PodPhase.RUNNING) {
            limits.keySet().removeIf(name -> !PodRequests.limited(pod, name) && !pod.spec().resources().limits().containsKey(name));
        }
        ResourceRequirements all = requests.isEmpty() ? ResourceRequirements.EMPTY : ResourceRequirements.EMPTY.withRequests(requests);
        return limits.isEmpty() ? all : all.withLimits(limits);
    }

    private static PodStatus addresses(PodView view, PodStatus before, List<String> hostAddresses) {
        PodStatus status = before.withHostIP(hostAddresses.getFirst()).withHostIPs(hostAddresses.stream().map(a -> HostIP.EMPTY.withIp(a)).toList());
        List<String> own = view.sandbox() == null || !view.sandbox().ready() ? List.of()
                : view.pod().spec().hostNetwork() ? hostAddresses : view.sandbox().addresses();
        return own.isEmpty() ? status : status.withPodIP(own.getFirst()).withPodIPs(own.stream().map(a -> PodIP.EMPTY.withIp(a)).toList());
    }

    private static List<ContainerStatus> statuses(PodView view, List<Container> containers, boolean init, Instant now) {
        return containers.stream().map(container -> ContainerStatuses.of(view, container, init, now)).toList();
    }

    private static List<PodCondition> conditions(PodView view, PodStatus before, PodPhase phase) {
        List<PodCondition> conditions = new ArrayList<>();
        boolean sandbox = view.sandboxReady() && (view.pod().spec().hostNetwork() || (view.sandbox() != null && !view.sandbox().addresses().isEmpty()));
        conditions.add(PodConditions.of(PodConditions.READY_TO_START, sandbox, "", ""));
        conditions.add(initialized(view, phase));
        PodCondition containersReady = containersReady(view, phase, PodConditions.CONTAINERS_READY);
        conditions.add(ready(view, before, phase, containersReady));
        conditions.add(containersReady);
        conditions.add(PodConditions.of(PodConditions.SCHEDULED, true, "", ""));
        if (view.couldStartOver()) {
            conditions.add(view.startsOver() ? PodConditions.of(PodConditions.STARTING_OVER, true, "RestartAllContainersStarted", "container exited with restart policy rule")
                    : PodConditions.of(PodConditions.STARTING_OVER, false, "", ""));
        }
        PodView.End end = view.end();
        if (end != null && end.pressure()) {
            conditions.add(PodConditions.of(PodConditions.DISRUPTED, true, "TerminationByKubelet", end.message()));
        }
        if (end == null) {
            conditions.addAll(resizing(view));
        }
        return conditions;
    }

    /// That the pod waits for the resources that it asks for now, or is being given them.
    private static List<PodCondition> resizing(PodView view) {
        boolean differs = view.allContainers().stream().anyMatch(container -> {
            ContainerView current = view.current(container.name());
            ResourceRequirements applied = current == null || !current.running() ? null : view.applied().get(current.id());
            return applied != null && !Resizing.same(applied, container.resources());
        });
        Rejection refusal = view.resize();
        if (!differs) {
            return List.of();
        }
        return List.of(refusal == null ? PodConditions.of(PodConditions.RESIZING, true, "", "") : PodConditions.of(PodConditions.RESIZE_PENDING, true, refusal.reason(), refusal.message()));
    }

    private static PodCondition initialized(PodView view, PodPhase phase) {
        if (phase == PodPhase.SUCCEEDED) {
            return PodConditions.of(PodConditions.INITIALIZED, true, "PodCompleted", "");
        }
        if (PodPlan.initDone(view)) {
            return PodConditions.of(PodConditions.INITIALIZED, true, "", "");
        }
        List<String> missing = view.pod().spec().initContainers().stream()
                .filter(c -> PodView.isSidecar(c) ? !view.started(c) : !view.succeeded(c)).map(Container::name).toList();
        return PodConditions.of(PodConditions.INITIALIZED, false, "ContainersNotInitialized", "containers with incomplete status: [" + String.join(" ", missing) + "]");
    }

    private static PodCondition containersReady(PodView view, PodPhase phase, String type) {
        if (phase.terminal()) {
            return PodConditions.of(type, false, phase == PodPhase.SUCCEEDED ? "PodCompleted" : "PodFailed", "");
        }
        List<String> unready = view.allContainers().stream()
                .filter(c -> PodView.isSidecar(c) || view.pod().spec().containers().contains(c))
                .filter(c -> !ready(view, c)).map(Container::name).toList();
        return unready.isEmpty() ? PodConditions.of(type, true, "", "")
                : PodConditions.of(type, false, "ContainersNotReady", "containers with unready status: [" + String.join(" ", unready) + "]");
    }

    private static PodCondition ready(PodView view, PodStatus before, PodPhase phase, PodCondition containersReady) {
        if (!containersReady.status().equals("True")) {
            return containersReady(view, phase, PodConditions.READY);
        }
        List<String> closed = new ArrayList<>();
        for (var gate : view.pod().spec().readinessGates()) {
            if (!PodConditions.isTrue(before.conditions(), gate.conditionType())) {
                closed.add("the status of pod readiness gate \"" + gate.conditionType() + "\" is not \"True\"");
            }
        }
        return closed.isEmpty() ? PodConditions.of(PodConditions.READY, true, "", "")
                : PodConditions.of(PodConditions.READY, false, "ReadinessGatesNotReady", String.join(", ", closed));
    }

    private static boolean ready(PodView view, Container container) {
        ContainerView current = view.current(container.name());
        ContainerProgress progress = view.progressOf(container.name());
        return current != null && current.running() && progress.started() && progress.ready();
    }
}
