package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resources.core.Elements;
import io.j8s.apiserver.resources.core.SelectorRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.admissionregistration.v1.MatchResources;
import io.j8s.model.admissionregistration.v1.NamedRuleWithOperations;
import io.j8s.model.admissionregistration.v1.ParamKind;
import io.j8s.model.admissionregistration.v1.ParamRef;
import io.j8s.model.meta.v1.LabelSelector;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What policies and their bindings share: which requests they are about, and their parameters.
final class MatchRules {

    private static final Set<String> MATCH_POLICIES = Set.of("Exact", "Equivalent");
    private static final Set<String> ACTIONS = Set.of("Deny", "Allow");
    private static final Set<String> MUTATING_OPERATIONS = Set.of("*", "CREATE", "UPDATE", "CONNECT");

    private MatchRules() {}

    static MatchResources withDefaults(MatchResources sent) {
        MatchResources match = sent.hasMatchPolicy() ? sent : sent.withMatchPolicy("Equivalent");
        match = match.hasNamespaceSelector() ? match : match.withNamespaceSelector(LabelSelector.EMPTY);
        match = match.hasObjectSelector() ? match : match.withObjectSelector(LabelSelector.EMPTY);
        match = match.hasResourceRules() ? match.withResourceRules(withScopes(match.resourceRules())) : match;
        return match.hasExcludeResourceRules() ? match.withExcludeResourceRules(withScopes(match.excludeResourceRules())) : match;
    }

    private static List<NamedRuleWithOperations> withScopes(List<NamedRuleWithOperations> rules) {
        return Elements.map(rules, rule -> rule.hasScope() ? rule : rule.withScope("*"));
    }

    static void check(MatchResources match, FieldPath path, FieldErrors errors) {
        WebhookRules.oneOf(match.matchPolicy(), MATCH_POLICIES, path.child("matchPolicy"), errors);
        SelectorRules.selector(match.namespaceSelector(), path.child("namespaceSelector"), errors);
        SelectorRules.selector(match.objectSelector(), path.child("objectSelector"), errors);
        rules(match.resourceRules(), path.child("resourceRules"), errors);
        rules(match.excludeResourceRules(), path.child("excludeResourceRules"), errors);
    }

    /// A policy that changes objects is not asked about deletions.
    static void onlyMutating(MatchResources match, FieldPath path, FieldErrors errors) {
        for (NamedRuleWithOperations rule : match.resourceRules()) {
            for (String operation : rule.operations()) {
                WebhookRules.oneOf(operation, MUTATING_OPERATIONS, path.child("resourceRules").child("operations"), errors);
            }
        }
    }

    private static void rules(List<NamedRuleWithOperations> rules, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < rules.size(); i++) {
            NamedRuleWithOperations rule = rules.get(i);
            FieldPath here = path.index(i);
            for (int j = 0; j < rule.resourceNames().size(); j++) {
                String name = rule.resourceNames().get(j);
                FieldPath at = here.child("resourceNames").index(j);
                Names.pathSegment(name).forEach(problem -> errors.invalid(at, name, problem));
                if (rule.resourceNames().indexOf(name) < j) {
                    errors.duplicate(at, name);
                }
            }
            OperationRules.check(rule.operations(), rule.apiGroups(), rule.apiVersions(), rule.resources(), rule.hasScope() ? rule.scope() : "*", here, errors);
        }
    }

    static void paramKind(ParamKind kind, FieldPath path, FieldErrors errors) {
        FieldPath version = path.child("apiVersion");
        if (kind.apiVersion().isEmpty()) {
            errors.required(version);
        } else {
            groupVersion(kind.apiVersion(), version, errors);
        }
        if (kind.kind().isEmpty()) {
            errors.required(path.child("kind"));
        } else if (!Names.dnsLabel1035(kind.kind().toLowerCase(Locale.ROOT)).isEmpty()) {
            errors.invalid(path.child("kind"), kind.kind(), "may have mixed case, but should otherwise be a DNS label");
        }
    }

    private static void groupVersion(String text, FieldPath path, FieldErrors errors) {
        String[] parts = text.equals("/") ? new String[] {"", ""} : text.split("/", -1);
        if (parts.length > 2) {
            errors.invalid(path, text, "unexpected GroupVersion string: " + text);
            return;
        }
        String group = parts.length == 2 ? parts[0] : "";
        String version = parts[parts.length - 1];
        if (!group.isEmpty() && !Names.dnsSubdomain(group).isEmpty()) {
            errors.invalid(path, group, String.join(",", Names.dnsSubdomain(group)));
        }
        if (version.isEmpty()) {
            errors.invalid(path, text, "version must be specified");
        } else if (!Names.dnsLabel1035(version).isEmpty()) {
            errors.invalid(path, version, String.join(",", Names.dnsLabel1035(version)));
        }
    }

    static void paramRef(ParamRef ref, FieldPath path, FieldErrors errors) {
        boolean named = !ref.name().isEmpty();
        if (named) {
            Names.pathSegment(ref.name()).forEach(problem -> errors.invalid(path.child("name"), ref.name(), problem));
            if (ref.hasSelector()) {
                errors.forbidden(path.child("name"), "name and selector are mutually exclusive");
            }
        }
        if (ref.hasSelector()) {
            SelectorRules.selector(ref.selector(), path.child("selector"), errors);
            if (named) {
                errors.forbidden(path.child("selector"), "name and selector are mutually exclusive");
            }
        }
        if (!named && !ref.hasSelector()) {
            errors.required(path, "one of name or selector must be specified");
        }
        if (ref.parameterNotFoundAction().isEmpty()) {
            errors.required(path.child("parameterNotFoundAction"));
        } else {
            WebhookRules.oneOf(ref.parameterNotFoundAction(), ACTIONS, path.child("parameterNotFoundAction"), errors);
        }
    }

    static void policyName(String name, FieldPath path, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path);
        } else {
            Names.dnsSubdomain(name).forEach(problem -> errors.invalid(path, name, problem));
        }
    }

    /// The parameters as tables show them.
    static String shown(ParamRef ref, boolean there) {
        if (!there) {
            return "<unset>";
        }
        if (!ref.name().isEmpty()) {
            return (ref.namespace().isEmpty() ? "*" : ref.namespace()) + "/" + ref.name();
        }
        return ref.hasSelector() ? SelectorRules.shown(ref.selector()) : "<unset>";
    }

    static String shown(ParamKind kind, boolean there) {
        return there ? kind.apiVersion() + "/" + kind.kind() : "<unset>";
    }
}
