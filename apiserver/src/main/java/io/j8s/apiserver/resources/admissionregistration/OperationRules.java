package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.admissionregistration.v1.RuleWithOperations;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The rules that say which operations on which resources a webhook or a policy is asked about.
final class OperationRules {

    private static final Set<String> OPERATIONS = Set.of("*", "CREATE", "UPDATE", "DELETE", "CONNECT");
    private static final Set<String> SCOPES = Set.of("Cluster", "Namespaced", "*");
    private static final String ALL = "*";

    private OperationRules() {}

    static void check(List<RuleWithOperations> rules, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < rules.size(); i++) {
            RuleWithOperations rule = rules.get(i);
            check(rule.operations(), rule.apiGroups(), rule.apiVersions(), rule.resources(), rule.hasScope() ? rule.scope() : ALL, path.index(i), errors);
        }
    }

    static void check(
            List<String> operations, List<String> groups, List<String> versions, List<String> resources, String scope, FieldPath path, FieldErrors errors) {
        notEmpty(operations, path.child("operations"), errors);
        onlyAll(operations, path.child("operations"), errors);
        for (int i = 0; i < operations.size(); i++) {
            if (!OPERATIONS.contains(operations.get(i))) {
                errors.notSupported(path.child("operations").index(i), operations.get(i), OPERATIONS);
            }
        }
        notEmpty(groups, path.child("apiGroups"), errors);
        onlyAll(groups, path.child("apiGroups"), errors);
        notEmpty(versions, path.child("apiVersions"), errors);
        onlyAll(versions, path.child("apiVersions"), errors);
        for (int i = 0; i < versions.size(); i++) {
            if (versions.get(i).isEmpty()) {
                errors.required(path.child("apiVersions").index(i));
            }
        }
        resources(resources, path.child("resources"), errors);
        if (!SCOPES.contains(scope)) {
            errors.notSupported(path.child("scope"), scope, SCOPES);
        }
    }

    private static void notEmpty(List<String> values, FieldPath path, FieldErrors errors) {
        if (values.isEmpty()) {
            errors.required(path);
        }
    }

    private static void onlyAll(List<String> values, FieldPath path, FieldErrors errors) {
        if (values.size() > 1 && values.contains(ALL)) {
            errors.invalid(path, values, "if '*' is present, must not specify others");
        }
    }

    private static void resources(List<String> resources, FieldPath path, FieldErrors errors) {
        notEmpty(resources, path, errors);
        Set<String> allParts = new HashSet<>();
        Set<String> partOfAll = new HashSet<>();
        boolean plain = false;
        for (int i = 0; i < resources.size(); i++) {
            String text = resources.get(i);
            int slash = text.indexOf('/');
            if (text.isEmpty()) {
                errors.required(path.index(i));
            } else if (slash < 0) {
                plain = !text.equals(ALL);
            } else {
                part(text.substring(0, slash), text.substring(slash + 1), text, allParts, partOfAll, path.index(i), errors);
            }
        }
        if (resources.size() > 1 && resources.contains("*/*")) {
            errors.invalid(path, resources, "if '*/*' is present, must not specify other resources");
        }
        if (plain && resources.contains(ALL)) {
            errors.invalid(path, resources, "if '*' is present, must not specify other resources without subresources");
        }
    }

    private static void part(
            String resource, String part, String text, Set<String> allParts, Set<String> partOfAll, FieldPath path, FieldErrors errors) {
        if (allParts.contains(resource)) {
            errors.invalid(path, text, "if '" + resource + "/*' is present, must not specify " + text);
        }
        if (partOfAll.contains(part)) {
            errors.invalid(path, text, "if '*/" + part + "' is present, must not specify " + text);
        }
        if (part.equals(ALL)) {
            allParts.add(resource);
        }
        if (resource.equals(ALL)) {
            partOfAll.add(part);
        }
    }
}
