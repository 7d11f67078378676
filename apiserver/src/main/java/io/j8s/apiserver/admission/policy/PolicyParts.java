package io.j8s.apiserver.admission.policy;

import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.cel.CelEnvironment;
import io.j8s.apiserver.cel.CelException;
import io.j8s.apiserver.cel.CelExpression;
import io.j8s.apiserver.cel.CelVariableException;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.admissionregistration.v1.MatchCondition;
import io.j8s.model.admissionregistration.v1.MatchResources;
import io.j8s.model.admissionregistration.v1.NamedRuleWithOperations;
import io.j8s.model.admissionregistration.v1.ParamKind;
import io.j8s.model.admissionregistration.v1.ParamRef;
import io.j8s.model.admissionregistration.v1.Variable;
import io.j8s.model.selector.Selector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What validating and mutating policies have in common: whom they concern, their conditions, variables and parameters.
///
/// @param environment in which the policy's own expressions are compiled
record PolicyParts(CelEnvironment environment, Map<String, CelExpression> variables, List<CelExpression> conditions) {

    static PolicyParts compile(ParamKind kind, List<Variable> declared, List<MatchCondition> conditions) throws CelException {
        CelEnvironment environment = kind.kind().isEmpty()
                ? CelEnvironment.of("object", "oldObject", "request", "namespaceObject", "authorizer", "authorizer.requestResource")
                : CelEnvironment.of("object", "oldObject", "request", "namespaceObject", "authorizer", "authorizer.requestResource", "params");
        List<CelExpression> compiled = new ArrayList<>();
        for (MatchCondition condition : conditions) {
            compiled.add(environment.compile(condition.expression(), CelEnvironment.Result.BOOL));
        }
        Map<String, CelExpression> variables = new LinkedHashMap<>();
        for (Variable variable : declared) {
            CelExpression value = environment.compile(variable.expression(), CelEnvironment.Result.ANY);
            variables.put("variables." + variable.name(), value);
            environment = environment.with("variables." + variable.name(), value);
        }
        return new PolicyParts(environment, variables, compiled);
    }

    /// The version in which a policy and its binding choose a request; null when they do not.
    static @Nullable ApiResource<?> matches(AdmissionRequest request, MatchResources policy, MatchResources binding) {
        ApiResource<?> version = matches(request, policy);
        if (version == null || (!binding.isEmpty() && !bindingMatches(request, binding))) {
            return null;
        }
        return version;
    }

    private static boolean bindingMatches(AdmissionRequest request, MatchResources binding) {
        return binding.resourceRules().isEmpty() ? selected(request, binding) && !excluded(request, binding) : matches(request, binding) != null;
    }

    private static @Nullable ApiResource<?> matches(AdmissionRequest request, MatchResources match) {
        if (!selected(request, match) || excluded(request, match)) {
            return null;
        }
        return Matching.version(request, rules(match.resourceRules()), !match.matchPolicy().equals("Exact"));
    }

    private static boolean selected(AdmissionRequest request, MatchResources match) {
        return (!match.hasNamespaceSelector() || Matching.namespace(request, match.namespaceSelector()))
                && (!match.hasObjectSelector() || Matching.object(request, match.objectSelector()));
    }

    private static boolean excluded(AdmissionRequest request, MatchResources match) {
        return Matching.version(request, rules(match.excludeResourceRules()), !match.matchPolicy().equals("Exact")) != null;
    }

    private static List<Matching.Rule> rules(List<NamedRuleWithOperations> rules) {
        return rules.stream()
                .map(rule -> new Matching.Rule(rule.operations(), rule.apiGroups(), rule.apiVersions(), rule.resources(), rule.scope(), rule.resourceNames()))
                .toList();
    }

    /// Whether all conditions hold. An error counts only if no condition is false.
    boolean holds(RequestVariables variables) throws CelException {
        CelException failed = null;
        for (CelExpression condition : conditions) {
            try {
                if (!condition.test(name -> value(variables, name))) {
                    return false;
                }
            } catch (CelException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
        return true;
    }

    /// A variable of the request or of the policy; the latter are worked out when they are first asked for.
    @Nullable Object value(RequestVariables request, String name) {
        Object known = request.get(name);
        CelExpression expression = known == null ? variables.get(name) : null;
        if (expression == null) {
            return known;
        }
        try {
            Object value = expression.evaluate(other -> value(request, other));
            request.set(name, value);
            return request.get(name);
        } catch (CelException e) {
            String why = e.why().replaceFirst("^expression '.*?' resulted in error: ", "");
            throw new CelVariableException(new CelException("composited variable \"" + name.substring("variables.".length()) + "\" fails to evaluate: " + why));
        }
    }

    /// The parameters of a binding: none (one null) when the policy takes none.
    static List<@Nullable Struct> parameters(AdmissionRequest request, ParamKind kind, ParamRef reference) throws CelException {
        List<@Nullable Struct> found = new ArrayList<>();
        if (kind.kind().isEmpty() || reference.isEmpty()) {
            found.add(null);
            return found;
        }
        ApiResource<?> resource = request.state().named(kind.apiVersion(), kind.kind());
        if (resource == null) {
            throw new CelException("failed to configure policy: failed to find resource referenced by paramKind: '" + kind.apiVersion() + ", Kind=" + kind.kind() + "'");
        }
        String namespace = !resource.namespaced() ? "" : reference.namespace().isEmpty() ? request.namespace() : reference.namespace();
        collect(request, resource, namespace, reference, found);
        if (found.isEmpty() && !reference.parameterNotFoundAction().equals("Allow")) {
            throw new CelException("failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction");
        }
        return found;
    }

    private static void collect(AdmissionRequest request, ApiResource<?> resource, String namespace, ParamRef reference, List<@Nullable Struct> found) {
        if (!reference.name().isEmpty()) {
            Struct one = request.state().get(resource, namespace, reference.name());
            if (one != null) {
                found.add(one);
            }
            return;
        }
        Selector selector = Selector.of(reference.selector());
        for (Struct one : request.state().list(resource, namespace)) {
            if (selector.matches(Objects.metadata(one).labels())) {
                found.add(one);
            }
        }
    }
}
