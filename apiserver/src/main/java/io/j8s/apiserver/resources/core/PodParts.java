package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.WriteContext;
import io.j8s.model.core.v1.Affinity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodAffinityTerm;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.TopologySpreadConstraint;
import io.j8s.model.core.v1.WeightedPodAffinityTerm;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.meta.v1.LabelSelectorRequirement;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What a write takes over of a pod, by the subresource that it goes to.
final class PodParts {

    private PodParts() {}

    /// `status`: owners and the class of service stay, and generations observed before are not forgotten.
    static Pod status(Pod sent, Pod stored, WriteContext context) {
        Pod pod = sent.withSpec(stored.spec())
                .withMetadata(meta -> meta.withoutDeletionTimestamp().withOwnerReferences(stored.metadata().ownerReferences()));
        if (pod.status().qosClass().isEmpty()) {
            pod = pod.withStatus(status -> status.withQosClass(stored.status().qosClass()));
        }
        if (pod.status().observedGeneration() == 0) {
            pod = pod.withStatus(status -> status.withObservedGeneration(stored.status().observedGeneration()));
        }
        List<PodCondition> conditions = observed(pod.status().conditions(), stored.status().conditions());
        return conditions == pod.status().conditions() ? pod : pod.withStatus(status -> status.withConditions(conditions));
    }

    private static List<PodCondition> observed(List<PodCondition> conditions, List<PodCondition> before) {
        Map<String, Deque<Long>> generations = new HashMap<>();
        before.forEach(condition -> generations.computeIfAbsent(condition.type(), key -> new ArrayDeque<>(1)).add(condition.observedGeneration()));
        return Elements.map(conditions, condition -> {
            Deque<Long> known = generations.get(condition.type());
            Long old = known == null ? null : known.poll();
            return condition.observedGeneration() == 0 && old != null && old != 0 ? condition.withObservedGeneration(old) : condition;
        });
    }

    static Pod ephemeralContainers(Pod sent, Pod stored, WriteContext context) {
        PodSpec spec = stored.spec().withEphemeralContainers(sent.spec().ephemeralContainers());
        return withSpec(stored, sent.metadata(), spec);
    }

    /// `resize`: amounts of resources, of containers and of the pod. What changes the containers themselves is left in, for the rules to refuse.
    static Pod resize(Pod sent, Pod stored, WriteContext context) {
        List<Container> containers = resized(sent.spec().containers(), stored.spec().containers());
        List<Container> init = resized(sent.spec().initContainers(), stored.spec().initContainers());
        PodSpec spec = stored.spec().withContainers(containers).withInitContainers(init);
        spec = sent.spec().hasResources() ? spec.withResources(sent.spec().resources()) : spec.withoutResources();
        return withSpec(stored, sent.metadata(), spec);
    }

    private static List<Container> resized(List<Container> sent, List<Container> stored) {
        if (sent.size() != stored.size()) {
            return sent;
        }
        List<Container> merged = new ArrayList<>(stored.size());
        for (int i = 0; i < stored.size(); i++) {
            Container asked = sent.get(i);
            if (!asked.name().equals(stored.get(i).name())) {
                return sent;
            }
            Container kept = asked.hasResources() ? stored.get(i).withResources(asked.resources()) : stored.get(i).withoutResources();
            merged.add(asked.hasResizePolicy() ? kept.withResizePolicy(asked.resizePolicy()) : kept.withoutResizePolicy());
        }
        return merged;
    }

    /// The stored pod with another spec; of the metadata that was sent, only whose fields are whose and the version that it replaces.
    private static Pod withSpec(Pod stored, ObjectMeta sent, PodSpec spec) {
        boolean changed = !Objects.equals(spec, stored.spec());
        return stored.withSpec(spec)
                .withMetadata(meta -> meta.withManagedFields(sent.managedFields())
                        .withResourceVersion(sent.resourceVersion())
                        .withGeneration(changed ? meta.generation() + 1 : meta.generation()));
    }

    // ---- matchLabelKeys

    /// Selectors that name labels of the pod itself, with the values that these have (KEP-3633, KEP-3243).
    static Pod withLabelKeys(Pod pod) {
        Map<String, String> labels = pod.metadata().labels();
        List<TopologySpreadConstraint> spread = Elements.map(pod.spec().topologySpreadConstraints(), constraint -> {
            if (constraint.matchLabelKeys().isEmpty() || !constraint.hasLabelSelector()) {
                return constraint;
            }
            return constraint.withLabelSelector(joined(constraint.labelSelector(), constraint.matchLabelKeys(), List.of(), labels));
        });
        Pod changed = spread == pod.spec().topologySpreadConstraints() ? pod : pod.withSpec(spec -> spec.withTopologySpreadConstraints(spread));
        return changed.spec().hasAffinity() ? changed.withSpec(spec -> spec.withAffinity(affinity(spec.affinity(), labels))) : changed;
    }

    private static Affinity affinity(Affinity sent, Map<String, String> labels) {
        Affinity affinity = sent;
        if (affinity.hasPodAffinity()) {
            affinity = affinity.withPodAffinity(rules -> rules
                    .withRequiredDuringSchedulingIgnoredDuringExecution(required(rules.requiredDuringSchedulingIgnoredDuringExecution(), labels))
                    .withPreferredDuringSchedulingIgnoredDuringExecution(preferred(rules.preferredDuringSchedulingIgnoredDuringExecution(), labels)));
        }
        if (affinity.hasPodAntiAffinity()) {
            affinity = affinity.withPodAntiAffinity(rules -> rules
                    .withRequiredDuringSchedulingIgnoredDuringExecution(required(rules.requiredDuringSchedulingIgnoredDuringExecution(), labels))
                    .withPreferredDuringSchedulingIgnoredDuringExecution(preferred(rules.preferredDuringSchedulingIgnoredDuringExecution(), labels)));
        }
        return affinity;
    }

    private static List<PodAffinityTerm> required(List<PodAffinityTerm> terms, Map<String, String> labels) {
        return Elements.map(terms, term -> term(term, labels));
    }

    private static List<WeightedPodAffinityTerm> preferred(List<WeightedPodAffinityTerm> terms, Map<String, String> labels) {
        return Elements.map(terms, weighted -> weighted.withPodAffinityTerm(term(weighted.podAffinityTerm(), labels)));
    }

    private static PodAffinityTerm term(PodAffinityTerm term, Map<String, String> labels) {
        if ((term.matchLabelKeys().isEmpty() && term.mismatchLabelKeys().isEmpty()) || !term.hasLabelSelector()) {
            return term;
        }
        return term.withLabelSelector(joined(term.labelSelector(), term.matchLabelKeys(), term.mismatchLabelKeys(), labels));
    }

    private static LabelSelector joined(LabelSelector selector, List<String> match, List<String> mismatch, Map<String, String> labels) {
        List<LabelSelectorRequirement> expressions = new ArrayList<>(selector.matchExpressions());
        match.forEach(key -> add(expressions, key, "In", labels.get(key)));
        mismatch.forEach(key -> add(expressions, key, "NotIn", labels.get(key)));
        return expressions.isEmpty() ? selector : selector.withMatchExpressions(expressions);
    }

    private static void add(List<LabelSelectorRequirement> expressions, String key, String operator, @org.jspecify.annotations.Nullable String value) {
        if (value != null) {
            expressions.add(LabelSelectorRequirement.EMPTY.withKey(key).withOperator(operator).withValues(List.of(value)));
        }
    }
}
