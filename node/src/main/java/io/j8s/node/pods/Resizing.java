package io.j8s.node.pods;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ResourceRequirements;
import java.util.List;
import java.util.Map;

/// What of a container's resources can be changed while it runs (KEP-1287): processor time and memory.
final class Resizing {
    private static final List<String> RESIZABLE = List.of("cpu", "memory");

    private Resizing() {}

    static boolean same(ResourceRequirements one, ResourceRequirements other) {
        return RESIZABLE.stream().allMatch(resource -> same(resource, one, other));
    }

    /// Whether the container has to be started again for what changed.
    static boolean restarts(ResourceRequirements applied, Container container) {
        return container.resizePolicy().stream().anyMatch(p -> p.restartPolicy().equals("RestartContainer") && !same(p.resourceName(), applied, container.resources()));
    }

    private static boolean same(String resource, ResourceRequirements one, ResourceRequirements other) {
        return equal(one.requests(), other.requests(), resource) && equal(one.limits(), other.limits(), resource);
    }

    private static boolean equal(Map<String, Quantity> one, Map<String, Quantity> other, String resource) {
        return one.getOrDefault(resource, Quantity.ZERO).compareTo(other.getOrDefault(resource, Quantity.ZERO)) == 0;
    }
}
