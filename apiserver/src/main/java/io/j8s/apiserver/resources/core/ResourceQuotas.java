package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.ResourceQuota;
import io.j8s.model.core.v1.ResourceQuotaSpec;
import io.j8s.model.core.v1.ScopedResourceSelectorRequirement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// `resourcequotas`
final class ResourceQuotas {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final Set<String> OF_PODS = Set.of(
            "pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory", "ephemeral-storage", "limits.ephemeral-storage",
            "requests.ephemeral-storage", "count/pods");
    private static final Set<String> OF_CLAIMS = Set.of("persistentvolumeclaims", "count/persistentvolumeclaims", "requests.storage", "storage");
    private static final Set<String> SCOPES = Set.of(
            "Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity", "VolumeAttributesClass");

    private ResourceQuotas() {}

    static Resource<ResourceQuota> resource() {
        return Resource.of(ResourceQuota.RESOURCE)
                .metadataNotRevalidated()
                .answersDeletionWithObject()
                .shortNames("quota")
                .defaults(ResourceQuotas::defaults)
                .rules(ResourceQuotas::rules)
                .updateRules(ResourceQuotas::update)
                .status(ResourceQuotas::status)
                .table(table -> table
                        .nameColumn()
                        .column("Request", "string", "What is used of each resource, and how much may be.", (quota, now) -> amounts(quota, false))
                        .column("Limit", "string", "What the limits amount to, and how much they may.", (quota, now) -> amounts(quota, true))
                        .ageColumn())
                .build();
    }

    private static ResourceQuota defaults(ResourceQuota sent) {
        ResourceQuota quota = sent.spec().hasHard() ? sent.withSpec(spec -> spec.withHard(ResourceAmounts.rounded(spec.hard()))) : sent;
        quota = quota.status().hasHard() ? quota.withStatus(status -> status.withHard(ResourceAmounts.rounded(status.hard()))) : quota;
        return quota.status().hasUsed() ? quota.withStatus(status -> status.withUsed(ResourceAmounts.rounded(status.used()))) : quota;
    }

    private static void rules(ResourceQuota quota, FieldErrors errors) {
        ResourceQuotaSpec spec = quota.spec();
        amounts(spec.hard(), SPEC.child("hard"), errors);
        if (!spec.scopes().isEmpty()) {
            scopes(spec, errors);
        }
        if (spec.hasScopeSelector()) {
            selector(spec, errors);
        }
    }

    private static void amounts(Map<String, Quantity> amounts, FieldPath path, FieldErrors errors) {
        amounts.forEach((name, amount) -> {
            ResourceNameRules.ofQuota(name, path.key(name), errors);
            ResourceNameRules.amount(name, amount, path.key(name), errors);
        });
    }

    private static void scopes(ResourceQuotaSpec spec, FieldErrors errors) {
        FieldPath path = SPEC.child("scopes");
        for (String scope : spec.scopes()) {
            if (!SCOPES.contains(scope)) {
                errors.invalid(path, spec.scopes(), "unsupported scope");
            }
            for (String name : new TreeSet<>(spec.hard().keySet())) {
                if (ResourceNameRules.isQuota(name) && !isFor(scope, name)) {
                    errors.invalid(path, spec.scopes(), "unsupported scope applied to resource");
                }
            }
        }
        conflicts(new HashSet<>(spec.scopes()), spec, path, errors);
    }

    private static void conflicts(Set<String> scopes, ResourceQuotaSpec spec, FieldPath path, FieldErrors errors) {
        if (scopes.containsAll(List.of("BestEffort", "NotBestEffort"))) {
            errors.invalid(path, spec.scopes(), "conflicting scopes");
        }
        if (scopes.containsAll(List.of("Terminating", "NotTerminating"))) {
            errors.invalid(path, spec.scopes(), "conflicting scopes");
        }
    }

    private static boolean isFor(String scope, String resource) {
        return switch (scope) {
            case "Terminating", "NotTerminating", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity" -> OF_PODS.contains(resource);
            case "BestEffort" -> resource.equals("pods") || resource.equals("count/pods");
            case "VolumeAttributesClass" -> OF_CLAIMS.contains(resource);
            default -> true;
        };
    }

    private static void selector(ResourceQuotaSpec spec, FieldErrors errors) {
        FieldPath path = SPEC.child("scopeSelector").child("matchExpressions");
        Set<String> scopes = new HashSet<>();
        for (ScopedResourceSelectorRequirement requirement : spec.scopeSelector().matchExpressions()) {
            requirement(requirement, spec, path, errors);
            scopes.add(requirement.scopeName());
        }
        conflicts(scopes, spec, path, errors);
    }

    private static void requirement(ScopedResourceSelectorRequirement requirement, ResourceQuotaSpec spec, FieldPath path, FieldErrors errors) {
        String scope = requirement.scopeName();
        if (!SCOPES.contains(scope)) {
            errors.invalid(path.child("scopeName"), scope, "unsupported scope");
        }
        for (String name : new TreeSet<>(spec.hard().keySet())) {
            if (ResourceNameRules.isQuota(name) && !isFor(scope, name)) {
                errors.invalid(path, spec.scopeSelector(), "unsupported scope applied to resource");
            }
        }
        boolean plain = List.of("BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity").contains(scope);
        if (plain && !requirement.operator().equals("Exists")) {
            errors.invalid(path.child("operator"), requirement.operator(), "must be 'Exists' for the scope " + scope);
        }
        switch (requirement.operator()) {
            case "In", "NotIn" -> {
                if (requirement.values().isEmpty()) {
                    errors.required(path.child("values"), "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!requirement.values().isEmpty()) {
                    errors.invalid(path.child("values"), requirement.values(), "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                }
            }
            default -> errors.invalid(path.child("operator"), requirement.operator(), "not a valid selector operator");
        }
    }

    private static void update(ResourceQuota quota, ResourceQuota old, FieldErrors errors) {
        if (!Set.copyOf(quota.spec().scopes()).equals(Set.copyOf(old.spec().scopes()))) {
            errors.invalid(SPEC.child("scopes"), quota.spec().scopes(), "field is immutable");
        }
    }

    private static void status(ResourceQuota quota, ResourceQuota old, FieldErrors errors) {
        amounts(quota.status().hard(), FieldPath.of("status").child("hard"), errors);
        amounts(quota.status().used(), FieldPath.of("status").child("used"), errors);
    }

    private static String amounts(ResourceQuota quota, boolean limits) {
        List<String> cells = new ArrayList<>();
        for (String name : new TreeSet<>(quota.status().hard().keySet())) {
            if (name.startsWith("limits.") == limits) {
                cells.add(name + ": " + quota.status().used().getOrDefault(name, Quantity.ZERO) + "/" + quota.status().hard().get(name));
            }
        }
        return String.join(", ", cells);
    }
}
