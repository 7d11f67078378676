package io.j8s.apiserver.resources.flowcontrol;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.flowcontrol.v1.FlowSchemaSpec;
import io.j8s.model.flowcontrol.v1.NonResourcePolicyRule;
import io.j8s.model.flowcontrol.v1.PolicyRulesWithSubjects;
import io.j8s.model.flowcontrol.v1.ResourcePolicyRule;
import io.j8s.model.flowcontrol.v1.Subject;
import java.util.List;
import java.util.Set;

/// The rules for flow schemas.
final class FlowSchemaRules {

    private static final String ALL = "*";
    private static final String SERVICE_ACCOUNT = "ServiceAccount";
    private static final String USER = "User";
    private static final String GROUP = "Group";
    private static final Set<String> VERBS = Set.of("get", "list", "create", "update", "delete", "deletecollection", "patch", "watch", "proxy");
    private static final Set<String> METHODS = Set.of("ByUser", "ByNamespace");
    private static final int HIGHEST_PRECEDENCE = 10_000;

    private FlowSchemaRules() {}

    static void check(String name, FlowSchemaSpec spec, FieldErrors errors) {
        FieldPath path = FieldPath.of("spec");
        precedence(name, spec.matchingPrecedence(), path.child("matchingPrecedence"), errors);
        if (spec.hasDistinguisherMethod() && !METHODS.contains(spec.distinguisherMethod().type())) {
            errors.notSupported(path.child("distinguisherMethod").child("type"), spec.distinguisherMethod().type(), METHODS);
        }
        FieldPath levelPath = path.child("priorityLevelConfiguration").child("name");
        String level = spec.priorityLevelConfiguration().name();
        if (level.isEmpty()) {
            errors.required(levelPath, "must reference a priority level");
        } else {
            Names.dnsSubdomain(level).forEach(problem -> errors.invalid(levelPath, level, problem));
        }
        for (int i = 0; i < spec.rules().size(); i++) {
            rule(spec.rules().get(i), path.child("rules").index(i), errors);
        }
    }

    private static void precedence(String name, int value, FieldPath path, FieldErrors errors) {
        if (value <= 0) {
            errors.invalid(path, value, "must be a positive value");
        }
        if (value > HIGHEST_PRECEDENCE) {
            errors.invalid(path, value, "must not be greater than " + HIGHEST_PRECEDENCE);
        }
        if (value == 1 && !name.equals("exempt")) {
            errors.invalid(path, value, "only the schema named 'exempt' may have matchingPrecedence 1");
        }
    }

    private static void rule(PolicyRulesWithSubjects rule, FieldPath path, FieldErrors errors) {
        if (rule.subjects().isEmpty()) {
            errors.required(path.child("subjects"), "subjects must contain at least one value");
        }
        for (int i = 0; i < rule.subjects().size(); i++) {
            subject(rule.subjects().get(i), path.child("subjects").index(i), errors);
        }
        if (rule.resourceRules().isEmpty() && rule.nonResourceRules().isEmpty()) {
            errors.required(path, "at least one of resourceRules and nonResourceRules has to be non-empty");
        }
        for (int i = 0; i < rule.resourceRules().size(); i++) {
            resources(rule.resourceRules().get(i), path.child("resourceRules").index(i), errors);
        }
        for (int i = 0; i < rule.nonResourceRules().size(); i++) {
            paths(rule.nonResourceRules().get(i), path.child("nonResourceRules").index(i), errors);
        }
    }

    private static void subject(Subject subject, FieldPath path, FieldErrors errors) {
        switch (subject.kind()) {
            case SERVICE_ACCOUNT -> serviceAccount(subject, path.child("serviceAccount"), errors);
            case USER -> named(subject.hasUser(), subject.user().name(), path.child("user"), errors);
            case GROUP -> named(subject.hasGroup(), subject.group().name(), path.child("group"), errors);
            default -> {
                errors.notSupported(path.child("kind"), subject.kind(), Set.of(SERVICE_ACCOUNT, USER, GROUP));
                return;
            }
        }
        forbidden(subject, SERVICE_ACCOUNT, subject.hasServiceAccount(), path.child("serviceAccount"), errors);
        forbidden(subject, USER, subject.hasUser(), path.child("user"), errors);
        forbidden(subject, GROUP, subject.hasGroup(), path.child("group"), errors);
    }

    private static void forbidden(Subject subject, String kind, boolean there, FieldPath path, FieldErrors errors) {
        if (there && !subject.kind().equals(kind)) {
            errors.forbidden(path, "is forbidden when subject kind is not '" + kind + "'");
        }
    }

    private static void named(boolean there, String name, FieldPath path, FieldErrors errors) {
        if (!there) {
            errors.required(path, "is required for subjects of this kind");
        } else if (name.isEmpty()) {
            errors.required(path.child("name"));
        }
    }

    private static void serviceAccount(Subject subject, FieldPath path, FieldErrors errors) {
        if (!subject.hasServiceAccount()) {
            errors.required(path, "serviceAccount is required when subject kind is 'ServiceAccount'");
            return;
        }
        String name = subject.serviceAccount().name();
        if (name.isEmpty()) {
            errors.required(path.child("name"));
        } else if (!name.equals(ALL)) {
            Names.dnsSubdomain(name).forEach(problem -> errors.invalid(path.child("name"), name, problem));
        }
        String namespace = subject.serviceAccount().namespace();
        if (namespace.isEmpty()) {
            errors.required(path.child("namespace"), "must specify namespace for service account");
        } else {
            Names.dnsLabel(namespace).forEach(problem -> errors.invalid(path.child("namespace"), namespace, problem));
        }
    }

    private static void verbs(List<String> verbs, FieldPath path, FieldErrors errors) {
        if (verbs.isEmpty()) {
            errors.required(path, "verbs must contain at least one value");
        } else if (verbs.contains(ALL)) {
            onlyAll(verbs, path, errors);
        } else if (!VERBS.containsAll(verbs)) {
            errors.notSupported(path, verbs, VERBS);
        }
    }

    private static void onlyAll(List<String> values, FieldPath path, FieldErrors errors) {
        if (values.size() > 1 && values.contains(ALL)) {
            errors.invalid(path, values, "if '*' is present, must not specify others");
        }
    }

    private static void resources(ResourcePolicyRule rule, FieldPath path, FieldErrors errors) {
        verbs(rule.verbs(), path.child("verbs"), errors);
        if (rule.apiGroups().isEmpty()) {
            errors.required(path.child("apiGroups"), "resource rules must supply at least one api group");
        }
        onlyAll(rule.apiGroups(), path.child("apiGroups"), errors);
        if (rule.resources().isEmpty()) {
            errors.required(path.child("resources"), "resource rules must supply at least one resource");
        }
        onlyAll(rule.resources(), path.child("resources"), errors);
        FieldPath namespaces = path.child("namespaces");
        if (rule.namespaces().isEmpty() && !rule.clusterScope()) {
            errors.required(namespaces, "resource rules that are not cluster scoped must supply at least one namespace");
        } else if (rule.namespaces().contains(ALL)) {
            onlyAll(rule.namespaces(), namespaces, errors);
        } else {
            for (int i = 0; i < rule.namespaces().size(); i++) {
                String namespace = rule.namespaces().get(i);
                FieldPath here = namespaces.index(i);
                Names.dnsLabel(namespace).forEach(problem -> errors.invalid(here, namespace, "each member of this list must be '*' or a DNS-1123 label; " + problem));
            }
        }
    }

    private static void paths(NonResourcePolicyRule rule, FieldPath path, FieldErrors errors) {
        verbs(rule.verbs(), path.child("verbs"), errors);
        FieldPath urls = path.child("nonResourceURLs");
        if (rule.nonResourceURLs().isEmpty()) {
            errors.required(urls, "nonResourceURLs must contain at least one value");
        } else if (rule.nonResourceURLs().contains(ALL)) {
            onlyAll(rule.nonResourceURLs(), urls, errors);
        } else {
            for (int i = 0; i < rule.nonResourceURLs().size(); i++) {
                url(rule.nonResourceURLs().get(i), urls.index(i), errors);
            }
        }
    }

    private static void url(String url, FieldPath path, FieldErrors errors) {
        long stars = url.chars().filter(c -> c == '*').count();
        if (url.isEmpty()) {
            errors.invalid(path, url, "must not be empty");
        } else if (!url.startsWith("/")) {
            errors.invalid(path, url, "must start with slash");
        } else if (url.contains(" ")) {
            errors.invalid(path, url, "must not contain white-space");
        } else if (url.contains("//")) {
            errors.invalid(path, url, "must not contain double slash");
        } else if (stars > 1 || (stars == 1 && !url.endsWith("/*"))) {
            errors.invalid(path, url, "wildcard can only do suffix matching");
        }
    }
}
