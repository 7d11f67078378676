package io.j8s.controllers.nodes;

import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Taint;
import io.j8s.model.core.v1.Toleration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Taints and tolerations.
public final class Taints {
    public static final String NOT_READY = "node.kubernetes.io/not-ready";
    public static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    public static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
    public static final String MEMORY_PRESSURE = "node.kubernetes.io/memory-pressure";
    public static final String DISK_PRESSURE = "node.kubernetes.io/disk-pressure";
    public static final String PID_PRESSURE = "node.kubernetes.io/pid-pressure";
    public static final String NETWORK_UNAVAILABLE = "node.kubernetes.io/network-unavailable";
    public static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";
    public static final String NO_EXECUTE = "NoExecute";
    public static final String NO_SCHEDULE = "NoSchedule";

    private Taints() {}

    public static Taint of(String key, String effect) {
        return Taint.EMPTY.withKey(key).withEffect(effect);
    }

    public static boolean same(Taint a, Taint b) {
        return a.key().equals(b.key()) && a.effect().equals(b.effect());
    }

    public static boolean has(Node node, Taint taint) {
        return node.spec().taints().stream().anyMatch(t -> same(t, taint));
    }

    /// The node without the taints in `remove` and with that in `add` (null: none).
    public static Node swap(Node node, @Nullable Taint add, List<Taint> remove) {
        List<Taint> taints = new ArrayList<>(node.spec().taints());
        taints.removeIf(t -> remove.stream().anyMatch(r -> same(r, t)));
        if (add != null && taints.stream().noneMatch(t -> same(t, add))) {
            taints.add(add);
        }
        return withTaints(node, taints);
    }

    public static Node withTaints(Node node, List<Taint> taints) {
        if (taints.equals(node.spec().taints())) {
            return node;
        }
        return node.withSpec(s -> taints.isEmpty() ? s.withoutTaints() : s.withTaints(taints));
    }

    public static List<Taint> noExecute(Node node) {
        return node.spec().taints().stream().filter(t -> t.effect().equals(NO_EXECUTE)).toList();
    }

    public static boolean tolerates(Toleration toleration, Taint taint) {
        if (!toleration.effect().isEmpty() && !toleration.effect().equals(taint.effect())) {
            return false;
        }
        if (!toleration.key().isEmpty() && !toleration.key().equals(taint.key())) {
            return false;
        }
        return switch (toleration.operator()) {
            case "Exists" -> true;
            case "", "Equal" -> !toleration.key().isEmpty() && toleration.value().equals(taint.value());
            default -> false;
        };
    }

    /// The first toleration for each taint; null when a taint is not tolerated.
    public static @Nullable List<Toleration> used(List<Taint> taints, List<Toleration> tolerations) {
        List<Toleration> used = new ArrayList<>();
        for (Taint taint : taints) {
            Toleration found = tolerations.stream().filter(t -> tolerates(t, taint)).findFirst().orElse(null);
            if (found == null) {
                return null;
            }
            used.add(found);
        }
        return used;
    }
}
