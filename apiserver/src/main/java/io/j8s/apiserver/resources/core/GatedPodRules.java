package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.Affinity;
import io.j8s.model.core.v1.NodeAffinity;
import io.j8s.model.core.v1.NodeSelectorTerm;
import io.j8s.model.core.v1.PodSpec;
import java.util.List;

/// What may change of a pod that is not to be scheduled yet: where it may run can still be narrowed (KEP-3838).
final class GatedPodRules {

    private GatedPodRules() {}

    /// The spec with what may change as it was before.
    static PodSpec withoutUpdatable(PodSpec sent, PodSpec old, FieldErrors errors) {
        PodSpec rest = sent;
        if (!rest.nodeSelector().equals(old.nodeSelector())) {
            boolean onlyMore = old.nodeSelector().entrySet().stream().allMatch(label -> label.getValue().equals(sent.nodeSelector().get(label.getKey())));
            if (!onlyMore) {
                errors.invalid(FieldPath.of("spec").child("nodeSelector"), sent.nodeSelector(), "only additions are allowed (no mutations or deletions)");
            }
            rest = old.hasNodeSelector() ? rest.withNodeSelector(old.nodeSelector()) : rest.withoutNodeSelector();
        }
        NodeAffinity now = sent.affinity().nodeAffinity();
        NodeAffinity before = old.affinity().nodeAffinity();
        if (!now.equals(before)) {
            nodeAffinity(now, before, errors);
            rest = withNodeAffinityOf(rest, old);
        }
        return rest;
    }

    private static PodSpec withNodeAffinityOf(PodSpec spec, PodSpec old) {
        Affinity rest = old.affinity().hasNodeAffinity() ? spec.affinity().withNodeAffinity(old.affinity().nodeAffinity()) : spec.affinity().withoutNodeAffinity();
        return rest.isEmpty() && !old.hasAffinity() ? spec.withoutAffinity() : spec.withAffinity(rest);
    }

    private static void nodeAffinity(NodeAffinity now, NodeAffinity before, FieldErrors errors) {
        FieldPath path = FieldPath.of("spec").child("affinity").child("nodeAffinity").child("requiredDuringSchedulingIgnoredDuringExecution");
        if (!before.hasRequiredDuringSchedulingIgnoredDuringExecution()) {
            return;
        }
        List<NodeSelectorTerm> terms = now.requiredDuringSchedulingIgnoredDuringExecution().nodeSelectorTerms();
        List<NodeSelectorTerm> old = before.requiredDuringSchedulingIgnoredDuringExecution().nodeSelectorTerms();
        if (terms.size() != old.size()) {
            errors.invalid(path.child("nodeSelectorTerms"), terms, "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
            return;
        }
        for (int i = 0; i < terms.size(); i++) {
            boolean wasEmpty = old.get(i).isEmpty();
            boolean keepsAll = isPrefix(old.get(i).matchExpressions(), terms.get(i).matchExpressions()) && isPrefix(old.get(i).matchFields(), terms.get(i).matchFields());
            if ((wasEmpty && !terms.get(i).isEmpty()) || !keepsAll) {
                errors.invalid(path.child("nodeSelectorTerms").index(i), terms.get(i), "only additions are allowed (no mutations or deletions)");
            }
        }
    }

    private static boolean isPrefix(List<?> shorter, List<?> longer) {
        return shorter.size() <= longer.size() && longer.subList(0, shorter.size()).equals(shorter);
    }
}
