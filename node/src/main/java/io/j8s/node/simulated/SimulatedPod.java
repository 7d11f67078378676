package io.j8s.node.simulated;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerState;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.HostIP;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.core.v1.PodIP;
import io.j8s.model.core.v1.PodStatus;
import io.j8s.node.status.PodConditions;
import io.j8s.node.status.Qos;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The statuses through which a pod goes whose containers are only imagined. Pure: from a pod and a time to a status.
final class SimulatedPod {
    private static final int STOPPED_BY_SIGNAL = 143;

    private SimulatedPod() {}

    /// All init containers have succeeded, all others run and are ready.
    static PodStatus running(Pod pod, String podAddress, String hostAddress, Instant now) {
        ContainerState running = ContainerState.EMPTY.withRunning(r -> r.withStartedAt(seconds(now)));
        PodStatus status = base(pod, podAddress, hostAddress, now)
                .withPhase("Running")
                .withContainerStatuses(statuses(pod.spec().containers(), pod, c -> running, true))
                .withConditions(conditions(pod, true, true, "", now));
        return withInit(pod, status, running, now);
    }

    /// All containers have ended well.
    static PodStatus succeeded(Pod pod, Instant now) {
        return ended(pod, 0, "Completed", "Succeeded", "PodCompleted", now);
    }

    /// The containers were stopped because the pod is being deleted.
    static PodStatus stopped(Pod pod, Instant now) {
        return ended(pod, STOPPED_BY_SIGNAL, "Error", "Failed", "PodFailed", now);
    }

    private static PodStatus ended(Pod pod, int exitCode, String reason, String phase, String conditionReason, Instant now) {
        Instant since = pod.status().startTime() == null ? seconds(now) : pod.status().startTime();
        ContainerState state = ContainerState.EMPTY.withTerminated(t -> t
                .withExitCode(exitCode).withReason(reason).withStartedAt(since).withFinishedAt(seconds(now)));
        return pod.status().withPhase(phase)
                .withContainerStatuses(statuses(pod.spec().containers(), pod, c -> state, false))
                .withConditions(conditions(pod, false, false, conditionReason, now));
    }

    private static PodStatus base(Pod pod, String podAddress, String hostAddress, Instant now) {
        PodStatus status = pod.status()
                .withHostIP(hostAddress).withHostIPs(List.of(HostIP.EMPTY.withIp(hostAddress)))
                .withPodIP(podAddress).withPodIPs(List.of(PodIP.EMPTY.withIp(podAddress)))
                .withQosClass(Qos.of(pod).text())
                .withStartTime(pod.status().startTime() == null ? seconds(now) : pod.status().startTime());
        return pod.metadata().generation() > 0 ? status.withObservedGeneration(pod.metadata().generation()) : status;
    }

    private static PodStatus withInit(Pod pod, PodStatus status, ContainerState running, Instant now) {
        if (pod.spec().initContainers().isEmpty()) {
            return status;
        }
        ContainerState done = ContainerState.EMPTY.withTerminated(t -> t.withExitCode(0).withReason("Completed").withStartedAt(seconds(now)).withFinishedAt(seconds(now)));
        return status.withInitContainerStatuses(statuses(pod.spec().initContainers(), pod, c -> c.restartPolicy().equals("Always") ? running : done, true));
    }

    private static List<ContainerStatus> statuses(List<Container> containers, Pod pod, Function<Container, ContainerState> state, boolean ready) {
        List<ContainerStatus> statuses = new ArrayList<>();
        for (Container container : containers) {
            ContainerState its = state.apply(container);
            statuses.add(ContainerStatus.EMPTY.withName(container.name()).withState(its).withReady(ready).withStarted(its.hasRunning())
                    .withImage(container.image()).withImageID(container.image())
                    .withContainerID("simulated://" + pod.metadata().uid() + "/" + container.name()));
        }
        return statuses;
    }

    private static List<PodCondition> conditions(Pod pod, boolean ready, boolean sandbox, String reason, Instant now) {
        List<PodCondition> before = pod.status().conditions();
        boolean gates = pod.spec().readinessGates().stream().allMatch(gate -> PodConditions.isTrue(before, gate.conditionType()));
        List<PodCondition> conditions = List.of(
                PodConditions.of(PodConditions.READY_TO_START, sandbox, "", ""),
                PodConditions.of(PodConditions.INITIALIZED, true, "", ""),
                !gates && ready ? PodConditions.of(PodConditions.READY, false, "ReadinessGatesNotReady", "a condition of the pod's readiness gates is not true")
                        : PodConditions.of(PodConditions.READY, ready, reason, ""),
                PodConditions.of(PodConditions.CONTAINERS_READY, ready, reason, ""),
                PodConditions.of(PodConditions.SCHEDULED, true, "", ""));
        return PodConditions.merged(before, conditions, pod.metadata().generation(), now);
    }

    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}
