package io.j8s.node.eviction;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Pod;
import io.j8s.node.status.PodRequests;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/// The order in which pods make room: those that use more than they asked for first, then those of lower priority, then those that exceed what they asked for by most. Pure.
final class Ranking {
    private Ranking() {}

    static List<Pod> of(Signal signal, Collection<Pod> pods, Map<String, PodUse> uses) {
        ToLongFunction<Pod> used = pod -> used(signal, uses.getOrDefault(pod.metadata().uid(), PodUse.NOTHING));
        ToLongFunction<Pod> excess = pod -> used.applyAsLong(pod) - requested(signal, pod);
        Comparator<Pod> byExcess = Comparator.comparingLong(excess).reversed();
        Comparator<Pod> order = signal == Signal.PID_AVAILABLE
                ? Comparator.comparingInt((Pod pod) -> pod.spec().priority()).thenComparing(byExcess)
                : Comparator.comparing((Pod pod) -> uses.containsKey(pod.metadata().uid()) && excess.applyAsLong(pod) <= 0)
                        .thenComparing(pod -> pod.spec().priority()).thenComparing(byExcess);
        return pods.stream().sorted(order).toList();
    }

    private static long used(Signal signal, PodUse use) {
        return switch (signal.resource()) {
            case "memory" -> use.memoryBytes();
            case "ephemeral-storage" -> use.diskBytes();
            case "inodes" -> use.inodes();
            default -> use.processes();
        };
    }

    private static long requested(Signal signal, Pod pod) {
        return PodRequests.of(pod).getOrDefault(signal.resource(), Quantity.ZERO).value();
    }
}
