package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.NodeSelectorRequirement;
import io.j8s.model.core.v1.NodeSelectorTerm;
import io.j8s.model.meta.v1.LabelSelector;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Warnings about labels of nodes that have other names today.
public final class NodeLabelWarnings {

    private static final Map<String, String> DEPRECATED = Map.of(
            "beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
            "beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead",
            "failure-domain.beta.kubernetes.io/region", "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
            "failure-domain.beta.kubernetes.io/zone", "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
            "beta.kubernetes.io/instance-type", "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
            "app.kubernetes.io/created-by", "deprecated since v1.9",
            "scheduler.alpha.kubernetes.io/preferAvoidPods", "deprecated since v1.22; use Taints and Tolerations instead",
            "node-role.kubernetes.io/master", "use \"node-role.kubernetes.io/control-plane\" instead");

    private NodeLabelWarnings() {}

    /// What is to be said about a label's key; null when nothing is.
    public static @Nullable String of(String key) {
        return DEPRECATED.get(key);
    }

    public static void selector(LabelSelector selector, FieldPath path, List<String> warnings) {
        for (int i = 0; i < selector.matchExpressions().size(); i++) {
            String key = selector.matchExpressions().get(i).key();
            String text = of(key);
            if (text != null) {
                warnings.add(path.child("matchExpressions").index(i).child("key") + ": " + key + " is " + text);
            }
        }
        for (String key : selector.matchLabels().keySet()) {
            String text = of(key);
            if (text != null) {
                warnings.add(path.child("matchLabels").child(key) + ": " + text);
            }
        }
    }

    /// @param values whether values that no label can have are told of, too
    static void term(NodeSelectorTerm term, boolean values, FieldPath path, List<String> warnings) {
        for (int i = 0; i < term.matchExpressions().size(); i++) {
            NodeSelectorRequirement requirement = term.matchExpressions().get(i);
            FieldPath here = path.child("matchExpressions").index(i);
            String text = of(requirement.key());
            if (text != null) {
                warnings.add(here.child("key") + ": " + requirement.key() + " is " + text);
            }
            for (int j = 0; values && j < requirement.values().size(); j++) {
                String value = requirement.values().get(j);
                FieldPath where = here.child("values").index(j);
                Names.labelValue(value).forEach(problem -> warnings.add(where + ": " + value + " is invalid, " + problem));
            }
        }
    }
}
