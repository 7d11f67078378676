package io.j8s.node.status;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ResourceRequirements;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The quality-of-service class of a pod (Kubernetes documentation, "Pod Quality of Service Classes").
public enum Qos {
    GUARANTEED("Guaranteed"),
    BURSTABLE("Burstable"),
    BEST_EFFORT("BestEffort");

    private static final Set<String> COUNTED = Set.of("cpu", "memory");
    private final String text;

    Qos(String text) {
        this.text = text;
    }

    /// As in `status.qosClass`.
    public String text() {
        return text;
    }

    public static Qos of(Pod pod) {
        boolean any = false;
        boolean guaranteed = true;
        List<ResourceRequirements> parts = pod.spec().hasResources() ? List.of(pod.spec().resources()) // the pod's own count instead of its containers' (KEP-2837)
                : Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream()).map(Container::resources).toList();
        for (ResourceRequirements resources : parts) {
            Map<String, Quantity> requests = resources.requests();
            Map<String, Quantity> limits = resources.limits();
            Set<String> limited = new HashSet<>();
            for (String name : COUNTED) {
                Quantity limit = limits.get(name);
                Quantity request = requests.getOrDefault(name, limit == null ? Quantity.ZERO : limit);
                any |= !request.isZero() || (limit != null && !limit.isZero());
                if (limit != null && !limit.isZero()) {
                    limited.add(name);
                    guaranteed &= request.compareTo(limit) == 0;
                }
            }
            guaranteed &= limited.equals(COUNTED);
        }
        return !any ? BEST_EFFORT : guaranteed ? GUARANTEED : BURSTABLE;
    }
}
