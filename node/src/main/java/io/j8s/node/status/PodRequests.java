package io.j8s.node.status;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ResourceRequirements;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a pod asks for as a whole (Kubernetes documentation, "Resource sharing within containers"): the sum over its containers and sidecars, or its largest init container if that is
/// more, and its overhead; what the pod itself asks for (KEP-2837) counts instead of the containers' sum.
public final class PodRequests {
    private PodRequests() {}

    public static Map<String, Quantity> of(Pod pod) {
        Map<String, Quantity> total = together(pod, PodRequests::requests);
        total.putAll(pod.spec().resources().requests());
        add(total, pod.spec().overhead());
        return total;
    }

    /// What it may use at most; only resources that something limits.
    public static Map<String, Quantity> limits(Pod pod) {
        Map<String, Quantity> total = together(pod, ResourceRequirements::limits);
        total.putAll(pod.spec().resources().limits());
        pod.spec().overhead().forEach((name, more) -> total.computeIfPresent(name, (n, limit) -> limit.isZero() ? limit : limit.add(more)));
        return total;
    }

    /// Whether the pod as a whole has a limit of a resource: its own, or one for each container.
    public static boolean limited(Pod pod, String resource) {
        if (!zero(pod.spec().resources().limits().get(resource))) {
            return true;
        }
        return Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream()).noneMatch(c -> zero(c.resources().limits().get(resource)));
    }

    private static boolean zero(@Nullable Quantity quantity) {
        return quantity == null || quantity.isZero();
    }

    /// A limit stands for a request that is not made.
    private static Map<String, Quantity> requests(ResourceRequirements resources) {
        Map<String, Quantity> requests = new HashMap<>(resources.limits());
        requests.putAll(resources.requests());
        return requests;
    }

    private static Map<String, Quantity> together(Pod pod, Function<ResourceRequirements, Map<String, Quantity>> part) {
        Map<String, Quantity> total = new HashMap<>();
        pod.spec().containers().forEach(container -> add(total, part.apply(container.resources())));
        Map<String, Quantity> sidecars = new HashMap<>();
        Map<String, Quantity> largest = new HashMap<>();
        for (Container container : pod.spec().initContainers()) {
            Map<String, Quantity> together = new HashMap<>(sidecars);
            add(together, part.apply(container.resources()));
            together.forEach((name, quantity) -> largest.merge(name, quantity, PodRequests::larger));
            if (container.restartPolicy().equals("Always")) {
                add(sidecars, part.apply(container.resources()));
            }
        }
        add(total, sidecars);
        largest.forEach((name, quantity) -> total.merge(name, quantity, PodRequests::larger));
        return total;
    }

    private static void add(Map<String, Quantity> total, Map<String, Quantity> more) {
        more.forEach((name, quantity) -> total.merge(name, quantity, Quantity::add));
    }

    private static Quantity larger(Quantity one, Quantity other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
