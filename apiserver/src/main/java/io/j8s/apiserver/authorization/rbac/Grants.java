package io.j8s.apiserver.authorization.rbac;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.model.rbac.v1.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Who was granted which roles by the bindings of one scope (the cluster, or a namespace). Immutable once built.
final class Grants {

    static final Grants NONE = new Builder().build();

    private final Map<String, List<Grant>> byUser;
    private final Map<String, List<Grant>> byGroup;

    private Grants(Map<String, List<Grant>> byUser, Map<String, List<Grant>> byGroup) {
        this.byUser = byUser;
        this.byGroup = byGroup;
    }

    /// A role that a subject was given.
    ///
    /// @param reason what is said when it allows something
    /// @param missing the role that is not there; empty when it is
    record Grant(String reason, List<Rule> rules, String missing) {
        boolean allows(Attributes attributes) {
            for (Rule rule : rules) {
                if (rule.allows(attributes)) {
                    return true;
                }
            }
            return false;
        }
    }

    /// The first grant that allows it, or null.
    @Nullable Grant allowing(Attributes attributes) {
        User user = attributes.user();
        Grant found = first(byUser.get(user.name()), attributes);
        for (int i = 0; found == null && i < user.groups().size(); i++) {
            found = first(byGroup.get(user.groups().get(i)), attributes);
        }
        return found;
    }

    private static @Nullable Grant first(@Nullable List<Grant> grants, Attributes attributes) {
        if (grants != null) {
            for (Grant grant : grants) {
                if (grant.allows(attributes)) {
                    return grant;
                }
            }
        }
        return null;
    }

    void forEach(User user, Consumer<Grant> action) {
        byUser.getOrDefault(user.name(), List.of()).forEach(action);
        user.groups().forEach(group -> byGroup.getOrDefault(group, List.of()).forEach(action));
    }

    boolean isEmpty() {
        return byUser.isEmpty() && byGroup.isEmpty();
    }

    static final class Builder {
        private final Map<String, List<Grant>> byUser = new HashMap<>();
        private final Map<String, List<Grant>> byGroup = new HashMap<>();

        /// @param binding how the binding is called in reasons
        /// @param rules null when the role is missing
        /// @param namespace that of the binding; empty for the cluster's
        void add(String binding, String role, @Nullable List<Rule> rules, List<Subject> subjects, String namespace) {
            for (Subject subject : subjects) {
                String reason = "RBAC: allowed by " + binding + " of " + role + " to " + called(subject, namespace);
                Grant grant = rules == null ? new Grant(reason, List.of(), notFound(role)) : new Grant(reason, rules, "");
                switch (subject.kind()) {
                    case "User" -> put(byUser, subject.name(), grant);
                    case "Group" -> put(byGroup, subject.name(), grant);
                    case "ServiceAccount" -> {
                        String home = subject.namespace().isEmpty() ? namespace : subject.namespace();
                        if (!home.isEmpty()) {
                            put(byUser, "system:serviceaccount:" + home + ":" + subject.name(), grant);
                        }
                    }
                    default -> { }
                }
            }
        }

        /// `ClusterRole "x"` in the words of upstream's lookup.
        private static String notFound(String role) {
            int space = role.indexOf(' ');
            return role.substring(0, space).toLowerCase(java.util.Locale.ROOT) + ".rbac.authorization.k8s.io" + role.substring(space) + " not found";
        }

        private static String called(Subject subject, String namespace) {
            String home = subject.namespace().isEmpty() ? namespace : subject.namespace();
            return subject.kind() + " \"" + subject.name() + (subject.kind().equals("ServiceAccount") ? "/" + home : "") + "\"";
        }

        private static void put(Map<String, List<Grant>> map, String key, Grant grant) {
            map.computeIfAbsent(key, k -> new ArrayList<>(1)).add(grant);
        }

        Grants build() {
            return new Grants(byUser, byGroup);
        }
    }
}
