package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.TopologySpreadConstraint;
import io.j8s.model.selector.Requirement;
import io.j8s.model.selector.Selector;
import io.j8s.scheduler.state.NodeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A topology spread constraint, ready to be asked.
///
/// @param maxSkew how much fuller than the emptiest place a place may be
/// @param minDomains how many places there must be, or the emptiest counts as empty; 0: any number
/// @param honorAffinity only nodes that the pod's node affinity admits take part (`nodeAffinityPolicy`)
/// @param honorTaints only nodes whose taints the pod tolerates take part (`nodeTaintsPolicy`)
record SpreadConstraint(
        String topologyKey, int maxSkew, int minDomains, boolean required, boolean honorAffinity, boolean honorTaints, Selector selector) {

    static SpreadConstraint of(Pod pod, TopologySpreadConstraint constraint) {
        return new SpreadConstraint(
                constraint.topologyKey(),
                constraint.maxSkew(),
                constraint.hasMinDomains() ? constraint.minDomains() : 0,
                constraint.whenUnsatisfiable().equals("DoNotSchedule"),
                !constraint.nodeAffinityPolicy().equals("Ignore"),
                constraint.nodeTaintsPolicy().equals("Honor"),
                selector(pod.metadata().labels(), constraint));
    }

    private static Selector selector(Map<String, String> labels, TopologySpreadConstraint constraint) {
        if (!constraint.hasLabelSelector()) {
            return Selector.nothing();
        }
        Selector selector = Selector.of(constraint.labelSelector());
        List<Requirement> requirements = new ArrayList<>(selector.requirements());
        for (String key : constraint.matchLabelKeys()) {
            String value = labels.get(key);
            if (value != null) {
                requirements.add(new Requirement(key, Requirement.Operator.IN, List.of(value)));
            }
        }
        return requirements.size() == selector.requirements().size() ? selector : Selector.of(requirements);
    }

    /// Whether pods on the node count.
    boolean takesPart(NodeInfo node, Pod pod, NodeTerms demanded) {
        return (!honorAffinity || demanded.admit(node)) && (!honorTaints || Tolerations.untolerated(node, pod.spec().tolerations()) == null);
    }
}
