package io.j8s.apiserver.authorization.rbac;

import io.j8s.apiserver.authorization.Attributes;
import io.j8s.model.rbac.v1.PolicyRule;
import java.util.List;
import java.util.Set;

/// One rule of a role, ready to be asked.
record Rule(PolicyRule source, Set<String> verbs, Set<String> groups, Set<String> resources, Set<String> names, List<String> paths) {

    private static final String ANY = "*";

    static Rule of(PolicyRule rule) {
        return new Rule(
                rule, Set.copyOf(rule.verbs()), Set.copyOf(rule.apiGroups()), Set.copyOf(rule.resources()), Set.copyOf(rule.resourceNames()), rule.nonResourceURLs());
    }

    static List<Rule> all(List<PolicyRule> rules) {
        return rules.stream().map(Rule::of).toList();
    }

    boolean allows(Attributes attributes) {
        if (!has(verbs, attributes.verb())) {
            return false;
        }
        if (!attributes.aboutResource()) {
            return allowsPath(attributes.path());
        }
        return has(groups, attributes.group())
                && allowsResource(attributes.resource(), attributes.subresource())
                && (names.isEmpty() || names.contains(attributes.name()));
    }

    private boolean allowsResource(String resource, String subresource) {
        if (resources.contains(ANY)) {
            return true;
        }
        return subresource.isEmpty() ? resources.contains(resource) : resources.contains(resource + "/" + subresource) || resources.contains("*/" + subresource);
    }

    private boolean allowsPath(String path) {
        for (String allowed : paths) {
            if (allowed.equals(ANY) || allowed.equals(path) || (allowed.endsWith(ANY) && path.startsWith(allowed.substring(0, allowed.length() - 1)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(Set<String> allowed, String one) {
        return allowed.contains(one) || allowed.contains(ANY);
    }
}
