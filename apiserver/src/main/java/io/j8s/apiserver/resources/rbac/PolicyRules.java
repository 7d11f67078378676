package io.j8s.apiserver.resources.rbac;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.rbac.v1.PolicyRule;
import java.util.List;

/// The rules for the rules of roles.
final class PolicyRules {

    private PolicyRules() {}

    static void check(List<PolicyRule> rules, boolean namespaced, FieldErrors errors) {
        for (int i = 0; i < rules.size(); i++) {
            check(rules.get(i), namespaced, FieldPath.of("rules").index(i), errors);
        }
    }

    private static void check(PolicyRule rule, boolean namespaced, FieldPath path, FieldErrors errors) {
        if (rule.verbs().isEmpty()) {
            errors.required(path.child("verbs"), "verbs must contain at least one value");
        }
        if (!rule.nonResourceURLs().isEmpty()) {
            checkPaths(rule, namespaced, path.child("nonResourceURLs"), errors);
            return;
        }
        if (rule.apiGroups().isEmpty()) {
            errors.required(path.child("apiGroups"), "resource rules must supply at least one api group");
        }
        if (rule.resources().isEmpty()) {
            errors.required(path.child("resources"), "resource rules must supply at least one resource");
        }
    }

    private static void checkPaths(PolicyRule rule, boolean namespaced, FieldPath path, FieldErrors errors) {
        if (namespaced) {
            errors.invalid(path, rule.nonResourceURLs(), "namespaced rules cannot apply to non-resource URLs");
        }
        if (!rule.apiGroups().isEmpty() || !rule.resources().isEmpty() || !rule.resourceNames().isEmpty()) {
            errors.invalid(path, rule.nonResourceURLs(), "rules cannot apply to both regular resources and non-resource URLs");
        }
    }
}
