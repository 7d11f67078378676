package io.j8s.node.status;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import java.util.HashSet;
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
        for (Container container : Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream()).toList()) {
            Map<String, Quantity> requests = container.resources().requests();
            Map<String, Quantity> limits = container.resources().limits();
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
