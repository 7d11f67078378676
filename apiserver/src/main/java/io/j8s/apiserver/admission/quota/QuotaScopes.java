package io.j8s.apiserver.admission.quota;

import io.j8s.model.Quantity;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodAffinityTerm;
import io.j8s.model.core.v1.ResourceQuotaSpec;
import io.j8s.model.core.v1.ScopedResourceSelectorRequirement;
import io.j8s.model.core.v1.WeightedPodAffinityTerm;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Which objects a quota is about, by its scopes.
final class QuotaScopes {

    private QuotaScopes() {}

    static boolean match(ResourceQuotaSpec quota, Struct object) {
        return quota.scopes().stream().allMatch(scope -> matches(object, scope, "Exists", List.of()))
                && quota.scopeSelector().matchExpressions().stream().allMatch(one -> matches(object, one));
    }

    static boolean matches(Struct object, ScopedResourceSelectorRequirement requirement) {
        return matches(object, requirement.scopeName(), requirement.operator(), requirement.values());
    }

    private static boolean matches(Struct object, String scope, String operator, List<String> values) {
        return switch (object) {
            case Pod pod -> switch (scope) {
                case "Terminating" -> terminating(pod);
                case "NotTerminating" -> !terminating(pod);
                case "BestEffort" -> bestEffort(pod);
                case "NotBestEffort" -> !bestEffort(pod);
                case "PriorityClass" -> selected(pod.spec().priorityClassName(), operator, values);
                case "CrossNamespacePodAffinity" -> crossesNamespaces(pod);
                default -> false;
            };
            case PersistentVolumeClaim claim ->
                scope.equals("VolumeAttributesClass") && selected(claim.spec().volumeAttributesClassName(), operator, values);
            default -> false;
        };
    }

    private static boolean selected(String name, String operator, List<String> values) {
        return switch (operator) {
            case "Exists" -> !name.isEmpty();
            case "DoesNotExist" -> name.isEmpty();
            case "In" -> !name.isEmpty() && values.contains(name);
            case "NotIn" -> !values.contains(name);
            default -> false;
        };
    }

    static boolean terminating(Pod pod) {
        return pod.spec().hasActiveDeadlineSeconds() && pod.spec().activeDeadlineSeconds() >= 0;
    }

    static boolean bestEffort(Pod pod) {
        return says(pod.spec().resources().requests()).isEmpty() && says(pod.spec().resources().limits()).isEmpty()
                && Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream()).noneMatch(QuotaScopes::says);
    }

    private static boolean says(Container container) {
        return !says(container.resources().requests()).isEmpty() || !says(container.resources().limits()).isEmpty();
    }

    private static List<String> says(Map<String, Quantity> amounts) {
        Predicate<String> quality = name -> name.equals("cpu") || name.equals("memory");
        return amounts.entrySet().stream().filter(one -> quality.test(one.getKey()) && one.getValue().signum() > 0).map(Map.Entry::getKey).toList();
    }

    private static boolean crossesNamespaces(Pod pod) {
        return Stream.of(
                        pod.spec().affinity().podAffinity().requiredDuringSchedulingIgnoredDuringExecution().stream(),
                        pod.spec().affinity().podAffinity().preferredDuringSchedulingIgnoredDuringExecution().stream().map(WeightedPodAffinityTerm::podAffinityTerm),
                        pod.spec().affinity().podAntiAffinity().requiredDuringSchedulingIgnoredDuringExecution().stream(),
                        pod.spec().affinity().podAntiAffinity().preferredDuringSchedulingIgnoredDuringExecution().stream().map(WeightedPodAffinityTerm::podAffinityTerm))
                .flatMap(terms -> terms)
                .anyMatch(QuotaScopes::crosses);
    }

    private static boolean crosses(PodAffinityTerm term) {
        return !term.namespaces().isEmpty() || term.hasNamespaceSelector();
    }
}
