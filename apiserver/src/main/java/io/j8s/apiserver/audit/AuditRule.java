package io.j8s.apiserver.audit;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.request.RequestInfo;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One rule of a policy: which requests it is for (empty lists: all), and what is kept of them.
record AuditRule(
        AuditLevel level, List<String> users, List<String> groups, List<String> verbs, List<Resources> resources, List<String> namespaces, List<String> paths,
        Set<String> omittedStages, boolean omitsManagedFields) {

    /// Resources of one API group; `pods/log`, `pods/*` and `*/status` name subresources.
    record Resources(String group, List<String> resources, List<String> names) {
        boolean match(RequestInfo info) {
            if (!group.equals(info.group()) && !group.equals("*")) {
                return false;
            }
            boolean named = names.isEmpty() || names.contains(info.name());
            return (resources.isEmpty() || resources.stream().anyMatch(pattern -> matches(pattern, info))) && (resources.isEmpty() || named);
        }

        private static boolean matches(String pattern, RequestInfo info) {
            String whole = info.subresource().isEmpty() ? info.resource() : info.resource() + "/" + info.subresource();
            if (pattern.equals("*") || pattern.equals(whole)) {
                return true;
            }
            if (pattern.startsWith("*/") && !info.subresource().isEmpty() && pattern.substring(2).equals(info.subresource())) {
                return true;
            }
            return pattern.endsWith("/*") && pattern.equals(info.resource() + "/*");
        }
    }

    boolean matches(@Nullable User user, RequestInfo info) {
        if (!users.isEmpty() && (user == null || !users.contains(user.name()))) {
            return false;
        }
        if (!groups.isEmpty() && (user == null || user.groups().stream().noneMatch(groups::contains))) {
            return false;
        }
        if (!verbs.isEmpty() && !verbs.contains(info.verb())) {
            return false;
        }
        if (!namespaces.isEmpty() || !resources.isEmpty()) {
            return info.aboutResource() && matchesResource(info);
        }
        return paths.isEmpty() || (!info.aboutResource() && paths.stream().anyMatch(pattern -> matchesPath(pattern, info.path())));
    }

    private boolean matchesResource(RequestInfo info) {
        return (namespaces.isEmpty() || namespaces.contains(info.namespace())) && (resources.isEmpty() || resources.stream().anyMatch(group -> group.match(info)));
    }

    private static boolean matchesPath(String pattern, String path) {
        return pattern.equals("*") || pattern.equals(path) || (pattern.endsWith("*") && path.startsWith(pattern.substring(0, pattern.length() - 1)));
    }
}
