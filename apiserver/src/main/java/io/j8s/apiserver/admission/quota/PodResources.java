package io.j8s.apiserver.admission.quota;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ResourceRequirements;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/// What a pod requests, and what it is limited to, altogether: its containers together, or as much as its start needs if that is more; what is said for the pod as a whole
/// takes their place.
final class PodResources {

    private PodResources() {}

    static Map<String, Quantity> requests(Pod pod) {
        Map<String, Quantity> sum = sum(pod, ResourceRequirements::requests);
        replace(sum, pod.spec().resources().requests());
        return sum;
    }

    static Map<String, Quantity> limits(Pod pod) {
        Map<String, Quantity> sum = sum(pod, ResourceRequirements::limits);
        replace(sum, pod.spec().resources().limits());
        return sum;
    }

    static Map<String, Quantity> requestsWithOverhead(Pod pod) {
        Map<String, Quantity> sum = requests(pod);
        Amounts.add(sum, pod.spec().overhead());
        return sum;
    }

    static Map<String, Quantity> limitsWithOverhead(Pod pod) {
        Map<String, Quantity> sum = limits(pod);
        pod.spec().overhead().forEach((name, amount) -> sum.computeIfPresent(name, (key, limit) -> limit.isZero() ? limit : limit.add(amount)));
        return sum;
    }

    /// Whether resources are said for the pod as a whole.
    static boolean saysForPod(Pod pod) {
        ResourceRequirements whole = pod.spec().resources();
        return whole.requests().keySet().stream().anyMatch(PodResources::ofPod) || whole.limits().keySet().stream().anyMatch(PodResources::ofPod);
    }

    private static boolean ofPod(String name) {
        return name.equals("cpu") || name.equals("memory") || name.startsWith("hugepages-");
    }

    private static void replace(Map<String, Quantity> sum, Map<String, Quantity> whole) {
        whole.forEach((name, amount) -> {
            if (ofPod(name)) {
                sum.put(name, amount);
            }
        });
    }

    private static Map<String, Quantity> sum(Pod pod, Function<ResourceRequirements, Map<String, Quantity>> of) {
        Map<String, Quantity> sum = new HashMap<>();
        pod.spec().containers().forEach(container -> Amounts.add(sum, of.apply(container.resources())));
        Map<String, Quantity> sidecars = new HashMap<>();
        Map<String, Quantity> start = new HashMap<>();
        for (Container container : pod.spec().initContainers()) {
            Map<String, Quantity> own = of.apply(container.resources());
            Map<String, Quantity> now = new HashMap<>(sidecars);
            Amounts.add(now, own);
            if (container.restartPolicy().equals("Always")) {
                Amounts.add(sum, own);
                sidecars = now;
            }
            Amounts.max(start, now);
        }
        Amounts.max(sum, start);
        return sum;
    }
}
