package io.j8s.node.simulated;

import io.j8s.model.Quantity;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How simulated nodes behave.
///
/// @param podNetwork the network that pods' addresses come from, an IPv4 range such as `10.244.0.0/16`; each node takes a /24 of it (or its `spec.podCIDR` when one is set)
/// @param capacity of each node; `pods` among it
/// @param startDelay between a pod's binding and its containers' start
/// @param finishAfter how long pods that are meant to end (restart policy Never or OnFailure) run until they succeed; null: for ever
/// @param stopDelay between a pod's deletion and its end, at most its grace period
/// @param leasePeriod between renewals of each node's lease
public record Simulation(
        String podNetwork, Map<String, Quantity> capacity, Duration startDelay, @Nullable Duration finishAfter, Duration stopDelay, Duration leasePeriod) {

    public static final Simulation DEFAULT = new Simulation("10.244.0.0/16",
            Map.of("cpu", Quantity.of(8), "memory", Quantity.parse("32Gi"), "ephemeral-storage", Quantity.parse("100Gi"), "pods", Quantity.of(110)),
            Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(10));

    public Simulation {
        capacity = Map.copyOf(capacity);
        if (leasePeriod.isNegative() || leasePeriod.isZero()) {
            throw new IllegalArgumentException("leasePeriod " + leasePeriod + " must be positive");
        }
        new Ipv4Range(podNetwork);
    }

    public Simulation withPodNetwork(String network) {
        return new Simulation(network, capacity, startDelay, finishAfter, stopDelay, leasePeriod);
    }

    public Simulation withCapacity(Map<String, Quantity> nodeCapacity) {
        return new Simulation(podNetwork, nodeCapacity, startDelay, finishAfter, stopDelay, leasePeriod);
    }

    public Simulation withFinishAfter(@Nullable Duration span) {
        return new Simulation(podNetwork, capacity, startDelay, span, stopDelay, leasePeriod);
    }

    public Simulation withStartDelay(Duration span) {
        return new Simulation(podNetwork, capacity, span, finishAfter, stopDelay, leasePeriod);
    }

    public Simulation withStopDelay(Duration span) {
        return new Simulation(podNetwork, capacity, startDelay, finishAfter, span, leasePeriod);
    }
}
