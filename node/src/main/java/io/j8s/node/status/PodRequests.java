package io.j8s.node.status;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import java.util.HashMap;
import java.util.Map;

/// What a pod asks for as a whole (Kubernetes documentation, "Resource sharing within containers"): the sum over its containers and sidecars, or its largest init container if that is
/// more, and its overhead; what the pod itself asks for (KEP-2837) counts instead of the containers' sum.
public final class PodRequests {
    private PodRequests() {}

    public static Map<String, Quantity> of(Pod pod) {
        Map<String, Quantity> total = new HashMap<>();
        pod.spec().containers().forEach(container -> add(total, container.resources().requests()));
        Map<String, Quantity> sidecars = new HashMap<>();
        Map<String, Quantity> largest = new HashMap<>();
        for (Container container : pod.spec().initContainers()) {
            Map<String, Quantity> together = new HashMap<>(sidecars);
            add(together, container.resources().requests());
            together.forEach((name, quantity) -> largest.merge(name, quantity, PodRequests::larger));
            if (container.restartPolicy().equals("Always")) {
                add(sidecars, container.resources().requests());
            }
        }
        add(total, sidecars);
        largest.forEach((name, quantity) -> total.merge(name, quantity, PodRequests::larger));
        total.putAll(pod.spec().resources().requests());
        add(total, pod.spec().overhead());
        return total;
    }

    private static void add(Map<String, Quantity> total, Map<String, Quantity> more) {
        more.forEach((name, quantity) -> total.merge(name, quantity, Quantity::add));
    }

    private static Quantity larger(Quantity one, Quantity other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
