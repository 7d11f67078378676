package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.Taint;
import io.j8s.model.core.v1.Toleration;
import io.j8s.scheduler.state.NodeInfo;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether tolerations cover taints (API reference, "Toleration").
final class Tolerations {

    private static final Set<String> KEEP_AWAY = Set.of("NoSchedule", "NoExecute");

    private Tolerations() {}

    /// The first taint that keeps a pod with these tolerations away from the node, or null.
    static @Nullable Taint untolerated(NodeInfo node, List<Toleration> tolerations) {
        return untolerated(node.taints(), tolerations);
    }

    static @Nullable Taint untolerated(List<Taint> taints, List<Toleration> tolerations) {
        for (Taint taint : taints) {
            if (KEEP_AWAY.contains(taint.effect()) && !covered(taint, tolerations)) {
                return taint;
            }
        }
        return null;
    }

    static boolean covered(Taint taint, List<Toleration> tolerations) {
        for (Toleration toleration : tolerations) {
            if (covers(toleration, taint)) {
                return true;
            }
        }
        return false;
    }

    private static boolean covers(Toleration toleration, Taint taint) {
        if (!toleration.effect().isEmpty() && !toleration.effect().equals(taint.effect())) {
            return false;
        }
        if (!toleration.key().isEmpty() && !toleration.key().equals(taint.key())) {
            return false;
        }
        return switch (toleration.operator()) {
            case "", "Equal" -> !toleration.key().isEmpty() && toleration.value().equals(taint.value());
            case "Exists" -> true;
            case "Lt" -> compares(taint.value(), toleration.value(), -1);
            case "Gt" -> compares(taint.value(), toleration.value(), 1);
            default -> false;
        };
    }

    /// Whether both are whole numbers and the first compares so to the second (KEP-5471).
    private static boolean compares(String value, String bound, int sign) {
        try {
            return Integer.signum(Long.compare(Long.parseLong(value), Long.parseLong(bound))) == sign;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
