package io.j8s.apiserver.authorization.rbac;

import io.j8s.model.rbac.v1.PolicyRule;
import java.util.ArrayList;
import java.util.List;

/// Whether some rules grant all that others grant: each of the others is taken apart into its single verbs, groups, resources and names, and each part must be granted by one
/// rule.
final class Coverage {

    private Coverage() {}

    /// The parts of `wanted` that no rule of `held` grants.
    static List<PolicyRule> missing(List<PolicyRule> held, List<PolicyRule> wanted) {
        List<PolicyRule> missing = new ArrayList<>();
        for (PolicyRule rule : wanted) {
            for (PolicyRule part : parts(rule)) {
                if (held.stream().noneMatch(one -> covers(one, part)) && !missing.contains(part)) {
                    missing.add(part);
                }
            }
        }
        return missing;
    }

    private static List<PolicyRule> parts(PolicyRule rule) {
        List<PolicyRule> parts = new ArrayList<>();
        for (String verb : rule.verbs()) {
            for (String group : rule.apiGroups()) {
                for (String resource : rule.resources()) {
                    PolicyRule part = PolicyRule.EMPTY.withVerbs(List.of(verb)).withApiGroups(List.of(group)).withResources(List.of(resource));
                    if (rule.resourceNames().isEmpty()) {
                        parts.add(part);
                    }
                    rule.resourceNames().forEach(name -> parts.add(part.withResourceNames(List.of(name))));
                }
            }
            rule.nonResourceURLs().forEach(path -> parts.add(PolicyRule.EMPTY.withVerbs(List.of(verb)).withNonResourceURLs(List.of(path))));
        }
        return parts;
    }

    private static boolean covers(PolicyRule held, PolicyRule part) {
        if (!has(held.verbs(), part.verbs())) {
            return false;
        }
        if (!part.nonResourceURLs().isEmpty()) {
            return part.nonResourceURLs().stream().allMatch(path -> coversPath(held.nonResourceURLs(), path));
        }
        boolean names = held.resourceNames().isEmpty() || (!part.resourceNames().isEmpty() && held.resourceNames().containsAll(part.resourceNames()));
        return has(held.apiGroups(), part.apiGroups()) && coversResource(held.resources(), part.resources().getFirst()) && names;
    }

    private static boolean coversResource(List<String> held, String resource) {
        int slash = resource.indexOf('/');
        return held.contains("*") || held.contains(resource) || (slash >= 0 && held.contains("*" + resource.substring(slash)));
    }

    private static boolean coversPath(List<String> held, String path) {
        return held.stream().anyMatch(one ->
                one.equals("*") || one.equals(path) || (one.endsWith("*") && path.startsWith(one.substring(0, one.length() - 1))));
    }

    private static boolean has(List<String> held, List<String> wanted) {
        return held.contains("*") || held.containsAll(wanted);
    }
}
