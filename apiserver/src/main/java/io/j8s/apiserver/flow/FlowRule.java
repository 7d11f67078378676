package io.j8s.apiserver.flow;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.model.flowcontrol.v1.FlowSchema;
import io.j8s.model.flowcontrol.v1.NonResourcePolicyRule;
import io.j8s.model.flowcontrol.v1.PolicyRulesWithSubjects;
import io.j8s.model.flowcontrol.v1.ResourcePolicyRule;
import io.j8s.model.flowcontrol.v1.Subject;
import java.util.List;

/// A FlowSchema, ready to be asked whether a request belongs to it.
///
/// @param level that its requests run in
record FlowRule(FlowSchema schema, String name, String uid, String level, List<PolicyRulesWithSubjects> rules) {

    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

    FlowRule(FlowSchema schema) {
        this(schema, schema.metadata().name(), schema.metadata().uid(), schema.spec().priorityLevelConfiguration().name(), schema.spec().rules());
    }

    boolean matches(User user, RequestInfo info) {
        for (PolicyRulesWithSubjects rule : rules) {
            if (matchesSubject(rule.subjects(), user) && (info.aboutResource() ? matchesResource(rule.resourceRules(), info) : matchesPath(rule.nonResourceRules(), info))) {
                return true;
            }
        }
        return false;
    }

    /// What tells the flows of one schema apart: the user, the namespace, or nothing.
    String flow(User user, RequestInfo info) {
        return switch (schema.spec().distinguisherMethod().type()) {
            case "ByUser" -> name() + "/" + user.name();
            case "ByNamespace" -> name() + "/" + info.namespace();
            default -> name();
        };
    }

    private static boolean matchesSubject(List<Subject> subjects, User user) {
        for (Subject subject : subjects) {
            boolean matches = switch (subject.kind()) {
                case "User" -> subject.user().name().equals("*") || subject.user().name().equals(user.name());
                case "Group" -> subject.group().name().equals("*") || user.in(subject.group().name());
                case "ServiceAccount" -> isServiceAccount(subject.serviceAccount().namespace(), subject.serviceAccount().name(), user.name());
                default -> false;
            };
            if (matches) {
                return true;
            }
        }
        return false;
    }

    private static boolean isServiceAccount(String namespace, String name, String user) {
        String prefix = SERVICE_ACCOUNT + namespace + ":";
        return user.startsWith(prefix) && (name.equals("*") || user.length() == prefix.length() + name.length() && user.endsWith(name));
    }

    private static boolean matchesResource(List<ResourcePolicyRule> rules, RequestInfo info) {
        String resource = info.subresource().isEmpty() ? info.resource() : info.resource() + "/" + info.subresource();
        for (ResourcePolicyRule rule : rules) {
            boolean scope = info.namespace().isEmpty() ? rule.clusterScope() : allows(rule.namespaces(), info.namespace());
            if (scope && allows(rule.verbs(), info.verb()) && allows(rule.apiGroups(), info.group()) && allows(rule.resources(), resource)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matchesPath(List<NonResourcePolicyRule> rules, RequestInfo info) {
        for (NonResourcePolicyRule rule : rules) {
            if (allows(rule.verbs(), info.verb()) && rule.nonResourceURLs().stream().anyMatch(url -> matchesUrl(url, info.path()))) {
                return true;
            }
        }
        return false;
    }

    private static boolean matchesUrl(String url, String path) {
        return url.equals("*") || url.equals(path) || (url.endsWith("/*") && path.startsWith(url.substring(0, url.length() - 1)));
    }

    private static boolean allows(List<String> allowed, String value) {
        return allowed.contains("*") || allowed.contains(value);
    }
}
