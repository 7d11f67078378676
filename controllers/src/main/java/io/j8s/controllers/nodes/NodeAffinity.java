package io.j8s.controllers.nodes;

import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeSelectorRequirement;
import io.j8s.model.core.v1.NodeSelectorTerm;
import io.j8s.model.core.v1.PodSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether a pod's node selector and required node affinity allow a node.
public final class NodeAffinity {
    private NodeAffinity() {}

    public static boolean allows(PodSpec pod, Node node) {
        if (!node.metadata().labels().entrySet().containsAll(pod.nodeSelector().entrySet())) {
            return false;
        }
        if (!pod.affinity().nodeAffinity().hasRequiredDuringSchedulingIgnoredDuringExecution()) {
            return true;
        }
        List<NodeSelectorTerm> terms = pod.affinity().nodeAffinity().requiredDuringSchedulingIgnoredDuringExecution().nodeSelectorTerms();
        return terms.stream().anyMatch(term -> matches(term, node));
    }

    /// A term without requirements matches nothing.
    private static boolean matches(NodeSelectorTerm term, Node node) {
        if (term.matchExpressions().isEmpty() && term.matchFields().isEmpty()) {
            return false;
        }
        return term.matchExpressions().stream().allMatch(r -> matches(r, node.metadata().labels().get(r.key())))
                && term.matchFields().stream().allMatch(r -> matches(r, r.key().equals("metadata.name") ? node.metadata().name() : null));
    }

    private static boolean matches(NodeSelectorRequirement requirement, @Nullable String value) {
        return switch (requirement.operator()) {
            case "In" -> value != null && requirement.values().contains(value);
            case "NotIn" -> value == null || !requirement.values().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt" -> compare(value, requirement.values()) > 0;
            case "Lt" -> compare(value, requirement.values()) < 0;
            default -> false;
        };
    }

    private static int compare(@Nullable String value, List<String> limits) {
        try {
            return value == null || limits.size() != 1 ? 0 : Long.compare(Long.parseLong(value), Long.parseLong(limits.getFirst()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
