package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.Affinity;
import io.j8s.model.core.v1.NodeSelector;
import io.j8s.model.core.v1.NodeSelectorRequirement;
import io.j8s.model.core.v1.NodeSelectorTerm;
import io.j8s.model.core.v1.PodAffinityTerm;
import io.j8s.model.core.v1.PreferredSchedulingTerm;
import io.j8s.model.core.v1.TopologySpreadConstraint;
import io.j8s.model.core.v1.WeightedPodAffinityTerm;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.meta.v1.LabelSelectorRequirement;
import java.util.List;

/// The rules for where pods may run: by the labels of nodes, by the neighbours, by how they are spread.
public final class AffinityRules {

    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
    private static final int MOST_WEIGHT = 100;

    private AffinityRules() {}

    static void affinity(Affinity affinity, FieldPath path, FieldErrors errors) {
        FieldPath node = path.child("nodeAffinity");
        if (affinity.nodeAffinity().hasRequiredDuringSchedulingIgnoredDuringExecution()) {
            nodeSelector(affinity.nodeAffinity().requiredDuringSchedulingIgnoredDuringExecution(), node.child(REQUIRED), errors);
        }
        List<PreferredSchedulingTerm> preferred = affinity.nodeAffinity().preferredDuringSchedulingIgnoredDuringExecution();
        for (int i = 0; i < preferred.size(); i++) {
            FieldPath here = node.child(PREFERRED).index(i);
            weight(preferred.get(i).weight(), here, errors);
            term(preferred.get(i).preference(), false, here.child("preference"), errors);
        }
        FieldPath near = path.child("podAffinity");
        terms(affinity.podAffinity().requiredDuringSchedulingIgnoredDuringExecution(), near.child(REQUIRED), errors);
        weighted(affinity.podAffinity().preferredDuringSchedulingIgnoredDuringExecution(), near.child(PREFERRED), errors);
        FieldPath apart = path.child("podAntiAffinity");
        terms(affinity.podAntiAffinity().requiredDuringSchedulingIgnoredDuringExecution(), apart.child(REQUIRED), errors);
        weighted(affinity.podAntiAffinity().preferredDuringSchedulingIgnoredDuringExecution(), apart.child(PREFERRED), errors);
    }

    public static void nodeSelector(NodeSelector selector, FieldPath path, FieldErrors errors) {
        FieldPath terms = path.child("nodeSelectorTerms");
        if (selector.nodeSelectorTerms().isEmpty()) {
            errors.required(terms, "must have at least one node selector term");
        }
        for (int i = 0; i < selector.nodeSelectorTerms().size(); i++) {
            term(selector.nodeSelectorTerms().get(i), true, terms.index(i), errors);
        }
    }

    private static void weight(int weight, FieldPath path, FieldErrors errors) {
        if (weight <= 0 || weight > MOST_WEIGHT) {
            errors.invalid(path.child("weight"), weight, "must be in the range 1-100");
        }
    }

    private static void term(NodeSelectorTerm term, boolean strict, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < term.matchExpressions().size(); i++) {
            expression(term.matchExpressions().get(i), strict, path.child("matchExpressions").index(i), errors);
        }
        for (int i = 0; i < term.matchFields().size(); i++) {
            field(term.matchFields().get(i), path.child("matchFields").index(i), errors);
        }
    }

    private static void expression(NodeSelectorRequirement requirement, boolean strict, FieldPath path, FieldErrors errors) {
        FieldPath values = path.child("values");
        switch (requirement.operator()) {
            case "In", "NotIn" -> {
                if (requirement.values().isEmpty()) {
                    errors.required(values, "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!requirement.values().isEmpty()) {
                    errors.forbidden(values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            case "Gt", "Lt" -> {
                if (requirement.values().size() != 1) {
                    errors.required(values, "must be specified single value when `operator` is 'Lt' or 'Gt'");
                }
            }
            default -> errors.invalid(path.child("operator"), requirement.operator(), "not a valid selector operator");
        }
        Names.qualifiedName(requirement.key()).forEach(problem -> errors.invalid(path.child("key"), requirement.key(), problem));
        for (int i = 0; strict && i < requirement.values().size(); i++) {
            String value = requirement.values().get(i);
            FieldPath here = values.index(i);
            Names.labelValue(value).forEach(problem -> errors.invalid(here, value, problem));
        }
    }

    private static void field(NodeSelectorRequirement requirement, FieldPath path, FieldErrors errors) {
        if (!List.of("In", "NotIn").contains(requirement.operator())) {
            errors.invalid(path.child("operator"), requirement.operator(), "not a valid selector operator");
        } else if (requirement.values().size() != 1) {
            errors.required(path.child("values"), "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }
        if (!requirement.key().equals("metadata.name")) {
            errors.invalid(path.child("key"), requirement.key(), "not a valid field selector key");
            return;
        }
        for (int i = 0; i < requirement.values().size(); i++) {
            String value = requirement.values().get(i);
            FieldPath here = path.child("values").index(i);
            Names.dnsSubdomain(value).forEach(problem -> errors.invalid(here, value, problem));
        }
    }

    private static void weighted(List<WeightedPodAffinityTerm> terms, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < terms.size(); i++) {
            weight(terms.get(i).weight(), path.index(i), errors);
            term(terms.get(i).podAffinityTerm(), path.index(i).child("podAffinityTerm"), errors);
        }
    }

    private static void terms(List<PodAffinityTerm> terms, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < terms.size(); i++) {
            term(terms.get(i), path.index(i), errors);
        }
    }

    private static void term(PodAffinityTerm term, FieldPath path, FieldErrors errors) {
        if (term.hasLabelSelector()) {
            SelectorRules.selector(term.labelSelector(), path.child("labelSelector"), errors);
        }
        if (term.hasNamespaceSelector()) {
            SelectorRules.selector(term.namespaceSelector(), path.child("namespaceSelector"), errors);
        }
        for (String namespace : term.namespaces()) {
            Names.dnsLabel(namespace).forEach(problem -> errors.invalid(path.child("namespace"), namespace, problem));
        }
        labelKeys(term.matchLabelKeys(), term.mismatchLabelKeys(), term.hasLabelSelector(), term.labelSelector(), path, errors);
        if (term.topologyKey().isEmpty()) {
            errors.required(path.child("topologyKey"), "can not be empty");
        }
        Names.qualifiedName(term.topologyKey()).forEach(problem -> errors.invalid(path.child("topologyKey"), term.topologyKey(), problem));
    }

    private static void labelKeys(List<String> match, List<String> mismatch, boolean selects, LabelSelector selector, FieldPath path, FieldErrors errors) {
        labelKeys(match, selects, selector, "In", path.child("matchLabelKeys"), errors);
        labelKeys(mismatch, selects, selector, "NotIn", path.child("mismatchLabelKeys"), errors);
        for (int i = 0; i < match.size(); i++) {
            if (mismatch.contains(match.get(i))) {
                errors.invalid(path.child("matchLabelKeys").index(i), match.get(i), "exists in both matchLabelKeys and mismatchLabelKeys");
            }
        }
    }

    private static void labelKeys(List<String> keys, boolean selects, LabelSelector selector, String operator, FieldPath path, FieldErrors errors) {
        if (keys.isEmpty()) {
            return;
        }
        if (!selects) {
            errors.forbidden(path, "must not be specified when labelSelector is not set");
            return;
        }
        for (int i = 0; i < keys.size(); i++) {
            String key = keys.get(i);
            FieldPath here = path.index(i);
            Names.qualifiedName(key).forEach(problem -> errors.invalid(here, key, problem));
            boolean selected = selector.matchLabels().containsKey(key)
                    || selector.matchExpressions().stream().anyMatch(e -> e.key().equals(key) && !isOwn(e, operator));
            if (selected) {
                errors.invalid(here, key, "exists in both matchLabelKeys and labelSelector");
            }
        }
    }

    /// What the server itself added for the key.
    private static boolean isOwn(LabelSelectorRequirement expression, String operator) {
        return expression.operator().equals(operator) && expression.values().size() == 1;
    }

    static void spread(List<TopologySpreadConstraint> constraints, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < constraints.size(); i++) {
            spread(constraints.get(i), constraints.subList(i + 1, constraints.size()), path.index(i), errors);
        }
    }

    private static void spread(TopologySpreadConstraint constraint, List<TopologySpreadConstraint> later, FieldPath path, FieldErrors errors) {
        if (constraint.maxSkew() <= 0) {
            errors.invalid(path.child("maxSkew"), constraint.maxSkew(), "must be greater than zero");
        }
        if (constraint.topologyKey().isEmpty()) {
            errors.required(path.child("topologyKey"), "can not be empty");
        }
        List<String> actions = List.of("DoNotSchedule", "ScheduleAnyway");
        if (!actions.contains(constraint.whenUnsatisfiable())) {
            errors.notSupported(path.child("whenUnsatisfiable"), constraint.whenUnsatisfiable(), actions);
        }
        boolean repeated = later.stream()
                .anyMatch(other -> other.topologyKey().equals(constraint.topologyKey()) && other.whenUnsatisfiable().equals(constraint.whenUnsatisfiable()));
        if (repeated) {
            errors.duplicate(path.child("{topologyKey, whenUnsatisfiable}"), "{" + constraint.topologyKey() + ", " + constraint.whenUnsatisfiable() + "}");
        }
        if (constraint.hasMinDomains()) {
            if (constraint.minDomains() <= 0) {
                errors.invalid(path.child("minDomains"), constraint.minDomains(), "must be greater than zero");
            }
            if (!constraint.whenUnsatisfiable().equals("DoNotSchedule")) {
                errors.invalid(path.child("minDomains"), constraint.minDomains(), "can only use minDomains if whenUnsatisfiable=DoNotSchedule");
            }
        }
        policy(constraint.hasNodeAffinityPolicy(), constraint.nodeAffinityPolicy(), path.child("nodeAffinityPolicy"), errors);
        policy(constraint.hasNodeTaintsPolicy(), constraint.nodeTaintsPolicy(), path.child("nodeTaintsPolicy"), errors);
        labelKeys(constraint.matchLabelKeys(), List.of(), constraint.hasLabelSelector(), constraint.labelSelector(), path, errors);
        SelectorRules.selector(constraint.labelSelector(), path.child("labelSelector"), errors);
    }

    private static void policy(boolean given, String policy, FieldPath path, FieldErrors errors) {
        if (given && !List.of("Honor", "Ignore").contains(policy)) {
            errors.notSupported(path, policy, List.of("Honor", "Ignore"));
        }
    }
}
