package io.j8s.controllers.nodelifecycle;

import io.j8s.controllers.nodes.Nodes;
import io.j8s.controllers.nodes.Taints;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Taint;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a node's conditions and spec mean as `NoSchedule` taints, and which of its labels follow others.
final class ConditionTaints {
    private static final Map<String, Map<String, String>> BY_CONDITION = Map.of(
            "Ready", Map.of("False", Taints.NOT_READY, "Unknown", Taints.UNREACHABLE),
            "MemoryPressure", Map.of("True", Taints.MEMORY_PRESSURE),
            "DiskPressure", Map.of("True", Taints.DISK_PRESSURE),
            "PIDPressure", Map.of("True", Taints.PID_PRESSURE),
            "NetworkUnavailable", Map.of("True", Taints.NETWORK_UNAVAILABLE));
    private static final List<String> CONDITIONS = List.of("Ready", "MemoryPressure", "DiskPressure", "NetworkUnavailable", "PIDPressure");
    private static final Set<String> OWN = Set.of(
            Taints.NOT_READY, Taints.UNREACHABLE, Taints.UNSCHEDULABLE, Taints.MEMORY_PRESSURE, Taints.DISK_PRESSURE, Taints.PID_PRESSURE, Taints.NETWORK_UNAVAILABLE);
    private static final Map<String, String> LABELS = Map.of("kubernetes.io/os", "beta.kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/arch");

    private ConditionTaints() {}

    static Node applied(Node node, Instant now) {
        return labeled(tainted(node, now));
    }

    private static Node tainted(Node node, Instant now) {
        List<String> wanted = new ArrayList<>();
        for (String condition : CONDITIONS) {
            String key = BY_CONDITION.getOrDefault(condition, Map.of()).get(Nodes.status(node, condition));
            if (key != null) {
                wanted.add(key);
            }
        }
        if (node.spec().unschedulable()) {
            wanted.add(Taints.UNSCHEDULABLE);
        }
        List<Taint> taints = new ArrayList<>();
        for (Taint taint : node.spec().taints()) {
            boolean own = taint.effect().equals(Taints.NO_SCHEDULE) && OWN.contains(taint.key());
            if (!own || wanted.remove(taint.key())) {
                taints.add(taint);
            }
        }
        wanted.forEach(key -> taints.add(Taints.of(key, Taints.NO_SCHEDULE).withTimeAdded(now.truncatedTo(ChronoUnit.SECONDS))));
        return Taints.withTaints(node, taints);
    }

    private static Node labeled(Node node) {
        Map<String, String> labels = new LinkedHashMap<>(node.metadata().labels());
        LABELS.forEach((from, to) -> {
            String value = labels.get(from);
            if (value != null) {
                labels.put(to, value);
            }
        });
        return labels.equals(node.metadata().labels()) ? node : node.withMetadata(m -> m.withLabels(labels));
    }
}
