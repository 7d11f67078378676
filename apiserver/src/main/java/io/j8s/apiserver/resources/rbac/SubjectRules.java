package io.j8s.apiserver.resources.rbac;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.resources.core.Elements;
import io.j8s.model.rbac.v1.RoleRef;
import io.j8s.model.rbac.v1.Subject;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What both kinds of bindings share: whom they bind, and to what.
final class SubjectRules {

    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final String SERVICE_ACCOUNT = "ServiceAccount";
    private static final String USER = "User";
    private static final String USERS = "Group";

    private SubjectRules() {}

    static RoleRef withDefaults(RoleRef role) {
        return role.apiGroup().isEmpty() ? role.withApiGroup(GROUP) : role;
    }

    static List<Subject> withDefaults(List<Subject> subjects) {
        return Elements.map(subjects, subject ->
                subject.apiGroup().isEmpty() && (subject.kind().equals(USER) || subject.kind().equals(USERS)) ? subject.withApiGroup(GROUP) : subject);
    }

    static void check(RoleRef role, Set<String> kinds, FieldErrors errors) {
        FieldPath path = FieldPath.of("roleRef");
        if (!role.apiGroup().equals(GROUP)) {
            errors.notSupported(path.child("apiGroup"), role.apiGroup(), Set.of(GROUP));
        }
        if (!kinds.contains(role.kind())) {
            errors.notSupported(path.child("kind"), role.kind(), kinds);
        }
        if (role.name().isEmpty()) {
            errors.required(path.child("name"));
        } else {
            Names.pathSegment(role.name()).forEach(problem -> errors.invalid(path.child("name"), role.name(), problem));
        }
    }

    static void check(List<Subject> subjects, boolean namespaced, FieldErrors errors) {
        for (int i = 0; i < subjects.size(); i++) {
            check(subjects.get(i), namespaced, FieldPath.of("subjects").index(i), errors);
        }
    }

    private static void check(Subject subject, boolean namespaced, FieldPath path, FieldErrors errors) {
        if (subject.name().isEmpty()) {
            errors.required(path.child("name"));
        }
        switch (subject.kind()) {
            case SERVICE_ACCOUNT -> {
                if (!subject.name().isEmpty()) {
                    Names.dnsSubdomain(subject.name()).forEach(problem -> errors.invalid(path.child("name"), subject.name(), problem));
                }
                if (!subject.apiGroup().isEmpty()) {
                    errors.notSupported(path.child("apiGroup"), subject.apiGroup(), Set.of(""));
                }
                if (!namespaced && subject.namespace().isEmpty()) {
                    errors.required(path.child("namespace"));
                }
            }
            case USER, USERS -> {
                if (!subject.apiGroup().equals(GROUP)) {
                    errors.notSupported(path.child("apiGroup"), subject.apiGroup(), Set.of(GROUP));
                }
            }
            default -> errors.notSupported(path.child("kind"), subject.kind(), Set.of(SERVICE_ACCOUNT, USER, USERS));
        }
    }

    static void unchanged(RoleRef role, RoleRef old, FieldErrors errors) {
        if (!role.equals(old)) {
            errors.invalid(FieldPath.of("roleRef"), role, "cannot change roleRef");
        }
    }

    static String users(List<Subject> subjects) {
        return names(subjects, USER);
    }

    static String groups(List<Subject> subjects) {
        return names(subjects, USERS);
    }

    static String serviceAccounts(List<Subject> subjects) {
        return subjects.stream().filter(s -> s.kind().equals(SERVICE_ACCOUNT)).map(s -> s.namespace() + "/" + s.name()).collect(Collectors.joining(", "));
    }

    private static String names(List<Subject> subjects, String kind) {
        return subjects.stream().filter(s -> s.kind().equals(kind)).map(Subject::name).collect(Collectors.joining(", "));
    }
}
