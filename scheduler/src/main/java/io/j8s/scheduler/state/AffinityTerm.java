package io.j8s.scheduler.state;

import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodAffinityTerm;
import io.j8s.model.meta.v1.LabelSelectorRequirement;
import io.j8s.model.selector.Requirement;
import io.j8s.model.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A term of pod affinity or anti-affinity, ready to be asked. Two terms that mean the same are equal, however many pods carry them: counts are kept once for each.
///
/// @param topologyKey the node label whose values are the places
/// @param pods which pods it is about, by their labels
/// @param namespaces the namespaces it names
/// @param namespaceSelector selects further namespaces by their labels
public record AffinityTerm(String topologyKey, Selector pods, Set<String> namespaces, Selector namespaceSelector) {

    public AffinityTerm {
        namespaces = Set.copyOf(namespaces);
    }

    /// The term as it stands in a pod: without namespaces it means the pod's own; `matchLabelKeys` and `mismatchLabelKeys` were made part of the selector when
    /// the pod was created (KEP-3633), and are added here for pods that were not.
    static AffinityTerm of(Pod pod, PodAffinityTerm term) {
        Set<String> namespaces = new TreeSet<>(term.namespaces());
        if (namespaces.isEmpty() && !term.hasNamespaceSelector()) {
            namespaces.add(pod.metadata().namespace());
        }
        return new AffinityTerm(
                term.topologyKey(),
                withKeys(pod, term),
                namespaces,
                term.hasNamespaceSelector() ? Selector.of(term.namespaceSelector()) : Selector.nothing());
    }

    private static Selector withKeys(Pod pod, PodAffinityTerm term) {
        if (!term.hasLabelSelector()) {
            return Selector.nothing();
        }
        Selector selector = Selector.of(term.labelSelector());
        if (term.matchLabelKeys().isEmpty() && term.mismatchLabelKeys().isEmpty()) {
            return selector;
        }
        List<Requirement> requirements = new ArrayList<>(selector.requirements());
        add(pod, term.matchLabelKeys(), Requirement.Operator.IN, term, requirements);
        add(pod, term.mismatchLabelKeys(), Requirement.Operator.NOT_IN, term, requirements);
        return Selector.of(requirements);
    }

    private static void add(Pod pod, List<String> keys, Requirement.Operator operator, PodAffinityTerm term, List<Requirement> requirements) {
        for (String key : keys) {
            String value = pod.metadata().labels().get(key);
            boolean there = term.labelSelector().matchExpressions().stream().map(LabelSelectorRequirement::key).anyMatch(key::equals);
            if (value != null && !there) {
                requirements.add(new Requirement(key, operator, List.of(value)));
            }
        }
    }

    /// The term that is about the pods that all of these are about; null when one term cannot say it.
    static @Nullable AffinityTerm both(List<AffinityTerm> terms, String topologyKey) {
        AffinityTerm first = terms.getFirst();
        List<Requirement> requirements = new ArrayList<>();
        for (AffinityTerm term : terms) {
            if (term.pods.selectsNothing()) {
                return new AffinityTerm(topologyKey, Selector.nothing(), Set.of(), Selector.nothing());
            }
            if (!term.namespaces.equals(first.namespaces) || !term.namespaceSelector.equals(first.namespaceSelector)) {
                return null;
            }
            requirements.addAll(term.pods.requirements());
        }
        return new AffinityTerm(topologyKey, requirements.isEmpty() ? Selector.everything() : Selector.of(requirements), first.namespaces, first.namespaceSelector);
    }

    /// Whether it is about this pod, if nothing is known of namespaces' labels.
    public boolean mayBeAbout(PodInfo pod) {
        return (namespaces.contains(pod.namespace()) || !namespaceSelector.selectsNothing()) && pods.matches(pod.labels());
    }

    /// Whether it is about this pod.
    ///
    /// @param namespaceLabels the labels of the pod's namespace
    boolean matches(PodInfo pod, Map<String, String> namespaceLabels) {
        return (namespaces.contains(pod.namespace()) || namespaceSelector.matches(namespaceLabels)) && pods.matches(pod.labels());
    }
}
