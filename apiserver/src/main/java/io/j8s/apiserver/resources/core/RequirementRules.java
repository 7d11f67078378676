package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.PodResourceClaim;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.ResourceRequirements;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The rules for what containers ask for and are limited to.
final class RequirementRules {

    private RequirementRules() {}

    static void ofContainer(ResourceRequirements resources, PodSpec spec, FieldPath path, FieldErrors errors) {
        boolean compute = false;
        boolean huge = false;
        for (Map.Entry<String, Quantity> limit : new TreeMap<>(resources.limits()).entrySet()) {
            FieldPath here = path.child("limits").key(limit.getKey());
            ResourceNameRules.ofContainer(limit.getKey(), here, errors);
            ResourceNameRules.amount(limit.getKey(), limit.getValue(), here, errors);
            compute |= limit.getKey().equals("cpu") || limit.getKey().equals("memory");
            huge |= ResourceNameRules.isHugePages(limit.getKey());
        }
        for (Map.Entry<String, Quantity> request : new TreeMap<>(resources.requests()).entrySet()) {
            request(request.getKey(), request.getValue(), resources.limits().get(request.getKey()), path, errors);
            compute |= request.getKey().equals("cpu") || request.getKey().equals("memory");
            huge |= ResourceNameRules.isHugePages(request.getKey());
        }
        if (huge && !compute) {
            errors.forbidden(path, "HugePages require cpu or memory");
        }
        claims(resources, spec, path.child("claims"), errors);
    }

    private static void request(String name, Quantity amount, @org.jspecify.annotations.Nullable Quantity limit, FieldPath path, FieldErrors errors) {
        FieldPath requests = path.child("requests");
        ResourceNameRules.ofContainer(name, requests.key(name), errors);
        ResourceNameRules.amount(name, amount, requests.key(name), errors);
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
            } else if (!seen.add(name + "/" + resources.claims().get(i).request())) {
                errors.duplicate(path.index(i), name);
            } else if (!known.contains(name)) {
                errors.notFound(path.index(i), name);
            }
        }
    }
}
