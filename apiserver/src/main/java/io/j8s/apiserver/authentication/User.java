package io.j8s.apiserver.authentication;

import java.util.List;
import java.util.Map;

/// Who asks.
///
/// @param extra further attributes, such as `authentication.kubernetes.io/pod-name`
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {

    public static final String ANONYMOUS_NAME = "system:anonymous";
    public static final String UNAUTHENTICATED = "system:unauthenticated";
    public static final String AUTHENTICATED = "system:authenticated";
    public static final String MASTERS = "system:masters";

    public static final User ANONYMOUS = new User(ANONYMOUS_NAME, "", List.of(UNAUTHENTICATED), Map.of());

    public User {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    public static User of(String name, String... groups) {
        return new User(name, "", List.of(groups), Map.of());
    }

    public boolean in(String group) {
        return groups.contains(group);
    }

    /// This user in one more group (or as it is, if it is in it).
    public User withGroup(String group) {
        if (groups.contains(group)) {
            return this;
        }
        List<String> more = new java.util.ArrayList<>(groups);
        more.add(group);
        return new User(name, uid, more, extra);
    }
}
