package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.PodResourceClaim;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.ResourceRequirements;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The rules for what containers ask for and are limited to.
final class RequirementRules {

    private RequirementRules() {}

    /// Checks a resource's name.
    private interface NameRules {
        void check(String name, FieldPath path, FieldErrors errors);
    }

    static void ofContainer(ResourceRequirements resources, PodSpec spec, FieldPath path, FieldErrors errors) {
        check(resources, spec, ResourceNameRules::ofContainer, path, errors);
    }

    /// What a pod needs besides its containers: limits, by their rules and under their name.
    static void overhead(Map<String, Quantity> overhead, FieldPath path, FieldErrors errors) {
        check(ResourceRequirements.EMPTY.withLimits(overhead), PodSpec.EMPTY, ResourceNameRules::ofContainer, path, errors);
    }

    /// What a pod as a whole asks for: no less than its containers together.
    static void ofPod(PodSpec spec, FieldPath path, FieldErrors errors) {
        ResourceRequirements resources = spec.resources();
        if (spec.os().name().equals("windows")) {
            errors.forbidden(path, "may not be set for a windows pod");
            return;
        }
        if (resources.hasClaims()) {
            errors.forbidden(path.child("claims"), "claims may not be set for Resources at pod-level");
        }
        check(resources, spec, RequirementRules::podResource, path, errors);
        PodResources.requests(spec).forEach((name, sum) -> {
            Quantity asked = resources.requests().get(name);
            if (asked != null && sum.compareTo(asked) > 0) {
                errors.invalid(path.child("requests").key(name), asked, "must be greater than or equal to aggregate container requests of " + sum);
            }
        });
        for (int i = 0; i < spec.containers().size(); i++) {
            FieldPath container = path.child("containers").index(i);
            spec.containers().get(i).resources().limits().forEach((name, limit) -> {
                Quantity most = resources.limits().get(name);
                if (most != null && limit.compareTo(most) > 0) {
                    errors.invalid(container.key(name).child("limits"), limit, "must be less than or equal to pod limits of " + most);
                }
            });
        }
    }

    private static void podResource(String name, FieldPath path, FieldErrors errors) {
        int before = errors.size();
        ResourceNameRules.standard(name, path, errors);
        if (errors.size() == before && !name.equals("cpu") && !name.equals("memory") && !ResourceNameRules.isHugePages(name)) {
            errors.notSupported(path, name, List.of("cpu", "hugepages-", "memory"));
        }
    }

    private static void check(ResourceRequirements resources, PodSpec spec, NameRules names, FieldPath path, FieldErrors errors) {
        boolean compute = false;
        boolean huge = false;
        for (Map.Entry<String, Quantity> limit : new TreeMap<>(resources.limits()).entrySet()) {
            FieldPath here = path.child("limits").key(limit.getKey());
            names.check(limit.getKey(), here, errors);
            amount(limit.getKey(), limit.getValue(), here, errors);
            compute |= limit.getKey().equals("cpu") || limit.getKey().equals("memory");
            huge |= ResourceNameRules.isHugePages(limit.getKey());
        }
        for (Map.Entry<String, Quantity> request : new TreeMap<>(resources.requests()).entrySet()) {
            request(request.getKey(), request.getValue(), resources.limits().get(request.getKey()), names, path, errors);
            compute |= request.getKey().equals("cpu") || request.getKey().equals("memory");
            huge |= ResourceNameRules.isHugePages(request.getKey());
        }
        if (huge && !compute) {
            errors.forbidden(path, "HugePages require cpu or memory");
        }
        claims(resources, spec, path.child("claims"), errors);
    }

    private static void amount(String name, Quantity amount, FieldPath path, FieldErrors errors) {
        ResourceNameRules.amount(name, amount, path, errors);
        if (ResourceNameRules.isHugePages(name) && !ResourceNameRules.isWholePages(name, amount)) {
            errors.invalid(path, amount, amount + " is not positive integer multiple of " + name);
        }
    }

    private static void request(String name, Quantity amount, @org.jspecify.annotations.Nullable Quantity limit, NameRules names, FieldPath path, FieldErrors errors) {
        FieldPath requests = path.child("requests");
        names.check(name, requests.key(name), errors);
        amount(name, amount, requests.key(name), errors);
        if (limit == null) {
            if (!ResourceNameRules.isOvercommitAllowed(name)) {
                errors.required(path.child("limits"), "Limit must be set for non overcommitable resources");
            }
        } else if (amount.compareTo(limit) != 0 && !ResourceNameRules.isOvercommitAllowed(name)) {
            errors.invalid(requests, amount, "must be equal to " + name + " limit of " + limit);
        } else if (amount.compareTo(limit) > 0) {
            errors.invalid(requests, amount, "must be less than or equal to " + name + " limit of " + limit);
        }
    }

    private static void claims(ResourceRequirements resources, PodSpec spec, FieldPath path, FieldErrors errors) {
        Set<String> known = spec.resourceClaims().stream().map(PodResourceClaim::name).collect(Collectors.toSet());
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < resources.claims().size(); i++) {
            String name = resources.claims().get(i).name();
            if (name.isEmpty()) {
                errors.required(path.index(i));
                continue;
            }
            if (!seen.add(name + "/" + resources.claims().get(i).request())) {
                errors.duplicate(path.index(i), name);
            }
            if (!known.contains(name)) {
                errors.notFound(path.index(i), name);
            }
        }
    }
}
