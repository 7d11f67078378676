package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeAffinity;
import io.j8s.model.core.v1.NodeSelector;
import io.j8s.model.core.v1.NodeSelectorRequirement;
import io.j8s.model.core.v1.NodeSelectorTerm;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.selector.Requirement;
import io.j8s.scheduler.state.NodeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which nodes a pod's selector and required node affinity admit (API reference, "NodeSelector": terms are alternatives, requirements of a term all hold; an empty
/// term admits none).
final class NodeTerms {

    private final Map<String, String> labels;
    private final @Nullable List<Term> alternatives;

    /// One alternative: requirements of labels, and of the node's name.
    record Term(List<Requirement> labels, List<Requirement> name) {
        boolean admits(NodeInfo node) {
            return admits(node.labels(), node.name());
        }

        private boolean admits(Map<String, String> nodeLabels, String nodeName) {
            if (labels.isEmpty() && name.isEmpty()) {
                return false;
            }
            for (Requirement requirement : labels) {
                if (!requirement.matches(nodeLabels)) {
                    return false;
                }
            }
            for (Requirement requirement : name) {
                if (!requirement.matches(Map.of("metadata.name", nodeName))) {
                    return false;
                }
            }
            return true;
        }

        static Term of(NodeSelectorTerm term) {
            return new Term(requirements(term.matchExpressions()), requirements(term.matchFields()));
        }

        private static List<Requirement> requirements(List<NodeSelectorRequirement> sent) {
            List<Requirement> all = new ArrayList<>(sent.size());
            for (NodeSelectorRequirement requirement : sent) {
                all.add(new Requirement(requirement.key(), operator(requirement.operator()), requirement.values()));
            }
            return List.copyOf(all);
        }

        private static Requirement.Operator operator(String text) {
            return switch (text) {
                case "In" -> Requirement.Operator.IN;
                case "NotIn" -> Requirement.Operator.NOT_IN;
                case "Exists" -> Requirement.Operator.EXISTS;
                case "DoesNotExist" -> Requirement.Operator.DOES_NOT_EXIST;
                case "Gt" -> Requirement.Operator.GREATER_THAN;
                case "Lt" -> Requirement.Operator.LESS_THAN;
                default -> throw new IllegalArgumentException("operator: \"" + text + "\" is none of In, NotIn, Exists, DoesNotExist, Gt, Lt");
            };
        }
    }

    private NodeTerms(Map<String, String> labels, @Nullable List<Term> alternatives) {
        this.labels = labels;
        this.alternatives = alternatives;
    }

    /// What a pod demands of its node.
    static NodeTerms required(Pod pod) {
        return required(pod.spec().nodeSelector(), pod.spec().affinity().nodeAffinity());
    }

    static NodeTerms required(Map<String, String> nodeSelector, NodeAffinity affinity) {
        boolean demands = affinity.hasRequiredDuringSchedulingIgnoredDuringExecution();
        return new NodeTerms(nodeSelector, demands ? terms(affinity.requiredDuringSchedulingIgnoredDuringExecution()) : null);
    }

    static NodeTerms of(NodeSelector selector) {
        return new NodeTerms(Map.of(), terms(selector));
    }

    private static List<Term> terms(NodeSelector selector) {
        return selector.nodeSelectorTerms().stream().map(Term::of).toList();
    }

    /// The names of the only nodes that can be admitted, when every alternative asks for names; null: any may be.
    @Nullable Set<String> onlyNodes() {
        if (alternatives == null) {
            return null;
        }
        Set<String> names = new TreeSet<>();
        for (Term term : alternatives) {
            Set<String> ofTerm = null;
            for (Requirement requirement : term.name) {
                if (requirement.operator() == Requirement.Operator.IN) {
                    ofTerm = ofTerm == null ? new TreeSet<>(requirement.values()) : ofTerm;
                    ofTerm.retainAll(requirement.values());
                }
            }
            if (ofTerm == null) {
                return null;
            }
            names.addAll(ofTerm);
        }
        return names;
    }

    /// Whether every node is admitted.
    boolean admitAll() {
        return labels.isEmpty() && alternatives == null;
    }

    boolean admit(NodeInfo node) {
        return admit(node.labels(), node.name());
    }

    boolean admit(Node node) {
        return admit(node.metadata().labels(), node.metadata().name());
    }

    private boolean admit(Map<String, String> nodeLabels, String nodeName) {
        for (Map.Entry<String, String> label : labels.entrySet()) {
            if (!label.getValue().equals(nodeLabels.get(label.getKey()))) {
                return false;
            }
        }
        if (alternatives == null) {
            return true;
        }
        for (Term term : alternatives) {
            if (term.admits(nodeLabels, nodeName)) {
                return true;
            }
        }
        return false;
    }
}
