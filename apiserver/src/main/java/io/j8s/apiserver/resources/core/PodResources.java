package io.j8s.apiserver.resources.core;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.ResourceRequirements;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What a pod's containers need together, and the class of service that follows (KEP-753 for sidecars, KEP-2837 for resources of the pod itself).
public final class PodResources {

    private static final List<String> COMPUTE = List.of("cpu", "memory");

    private PodResources() {}

    static boolean atPodLevel(String resource) {
        return resource.equals("cpu") || resource.equals("memory") || resource.startsWith("hugepages-");
    }

    /// The most that a pod's containers ask for at a time: all that run together, or an init container with the sidecars before it.
    static Map<String, Quantity> requests(PodSpec spec) {
        Map<String, Quantity> sum = new LinkedHashMap<>();
        spec.containers().forEach(container -> add(sum, container.resources().requests()));
        Map<String, Quantity> sidecars = new LinkedHashMap<>();
        Map<String, Quantity> most = new LinkedHashMap<>();
        for (Container init : spec.initContainers()) {
            Map<String, Quantity> here = new LinkedHashMap<>(init.resources().requests());
            if (init.restartPolicy().equals("Always")) {
                add(sum, here);
                add(sidecars, here);
                here = new LinkedHashMap<>(sidecars);
            } else {
                add(here, sidecars);
            }
            here.forEach((name, quantity) -> most.merge(name, quantity, (a, b) -> a.compareTo(b) >= 0 ? a : b));
        }
        most.forEach((name, quantity) -> sum.merge(name, quantity, (a, b) -> a.compareTo(b) >= 0 ? a : b));
        return sum;
    }

    private static void add(Map<String, Quantity> sum, Map<String, Quantity> more) {
        more.forEach((name, quantity) -> sum.merge(name, quantity, Quantity::add));
    }

    /// `Guaranteed` when every container is limited and asks for as much, `BestEffort` when none asks for anything, else `Burstable`.
    public static String qosClass(Pod pod) {
        PodSpec spec = pod.spec();
        if (spec.hasResources()) {
            return qosClass(List.of(spec.resources()));
        }
        return qosClass(Stream.concat(spec.containers().stream(), spec.initContainers().stream()).map(Container::resources).toList());
    }

    private static String qosClass(List<ResourceRequirements> all) {
        Map<String, Quantity> requests = new LinkedHashMap<>();
        Map<String, Quantity> limits = new LinkedHashMap<>();
        boolean guaranteed = true;
        for (ResourceRequirements resources : all) {
            add(requests, compute(resources.requests()));
            Map<String, Quantity> limited = compute(resources.limits());
            add(limits, limited);
            guaranteed &= limited.keySet().containsAll(Set.copyOf(COMPUTE));
        }
        if (requests.isEmpty() && limits.isEmpty()) {
            return "BestEffort";
        }
        boolean same = requests.size() == limits.size()
                && requests.entrySet().stream().allMatch(e -> limits.containsKey(e.getKey()) && limits.get(e.getKey()).compareTo(e.getValue()) == 0);
        return guaranteed && same ? "Guaranteed" : "Burstable";
    }

    private static Map<String, Quantity> compute(Map<String, Quantity> amounts) {
        Map<String, Quantity> compute = new LinkedHashMap<>();
        for (String name : COMPUTE) {
            Quantity quantity = amounts.get(name);
            if (quantity != null && quantity.signum() > 0) {
                compute.put(name, quantity);
            }
        }
        return compute;
    }
}
