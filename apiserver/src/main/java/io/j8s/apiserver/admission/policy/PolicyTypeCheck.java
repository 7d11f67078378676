package io.j8s.apiserver.admission.policy;

import io.j8s.apiserver.cel.CelEnvironment;
import io.j8s.apiserver.cel.CelException;
import io.j8s.model.ApiResource;
import io.j8s.model.Type;
import io.j8s.model.Types;
import io.j8s.model.admission.v1.AdmissionRequest;
import io.j8s.model.admissionregistration.v1.ExpressionWarning;
import io.j8s.model.admissionregistration.v1.NamedRuleWithOperations;
import io.j8s.model.admissionregistration.v1.ParamKind;
import io.j8s.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.j8s.model.admissionregistration.v1.Validation;
import io.j8s.model.admissionregistration.v1.Variable;
import io.j8s.model.core.v1.Namespace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Compiles the validations of a policy against the types of what it matches (KEP-3488, "type checking"), for the warnings in its status. Rules with wildcards, and custom resources,
/// are left out: there the types are not known. Pure.
public final class PolicyTypeCheck {
    private static final int MOST_TYPES = 10;
    private static final Comparator<ApiResource<?>> ORDER = Comparator.<ApiResource<?>, String>comparing(ApiResource::group).thenComparing(ApiResource::version).thenComparing(ApiResource::kind);

    private PolicyTypeCheck() {}

    /// What is wrong with each expression, in their order; none when all fit.
    public static List<ExpressionWarning> check(ValidatingAdmissionPolicy policy) {
        List<ApiResource<?>> matched = matched(policy);
        List<ExpressionWarning> warnings = new ArrayList<>();
        for (int i = 0; i < policy.spec().validations().size(); i++) {
            Validation validation = policy.spec().validations().get(i);
            add(warnings, policy, matched, "spec.validations[" + i + "].expression", validation.expression());
            if (!validation.messageExpression().isEmpty()) {
                add(warnings, policy, matched, "spec.validations[" + i + "].messageExpression", validation.messageExpression());
            }
        }
        return warnings;
    }

    private static void add(List<ExpressionWarning> warnings, ValidatingAdmissionPolicy policy, List<ApiResource<?>> matched, String field, String expression) {
        List<String> found = new ArrayList<>();
        for (ApiResource<?> resource : matched) {
            String group = resource.group().isEmpty() ? "/" + resource.version() : resource.apiVersion();
            try {
                environment(policy, resource.type()).compile(expression, CelEnvironment.Result.ANY);
            } catch (CelException e) {
                found.add(group + ", Kind=" + resource.kind() + ": " + e.why().replaceFirst("^compilation failed: ", "") + "\n");
            }
        }
        if (!found.isEmpty()) {
            warnings.add(ExpressionWarning.EMPTY.withFieldRef(field).withWarning(String.join("\n", found)));
        }
    }

    private static CelEnvironment environment(ValidatingAdmissionPolicy policy, Type type) {
        CelEnvironment environment = CelEnvironment.of("authorizer", "authorizer.requestResource")
                .holding("object", type).holding("oldObject", type).holding("request", AdmissionRequest.TYPE).holding("namespaceObject", Namespace.TYPE);
        ParamKind kind = policy.spec().paramKind();
        if (!kind.kind().isEmpty()) {
            Type params = Types.of(kind.apiVersion(), kind.kind());
            environment = params == null ? environment.with("params") : environment.holding("params", params);
        }
        for (Variable variable : policy.spec().variables()) {
            try {
                environment = environment.with("variables." + variable.name(), environment.compile(variable.expression(), CelEnvironment.Result.ANY));
            } catch (CelException e) {
                environment = environment.with("variables." + variable.name());
            }
        }
        return environment;
    }

    /// The built-in resources that the rules name, at most ten of a rule.
    private static List<ApiResource<?>> matched(ValidatingAdmissionPolicy policy) {
        TreeSet<ApiResource<?>> matched = new TreeSet<>(ORDER);
        for (NamedRuleWithOperations rule : policy.spec().matchConstraints().resourceRules()) {
            if (rule.apiGroups().stream().anyMatch(group -> group.contains("*")) || rule.apiVersions().stream().anyMatch(version -> version.contains("*"))) {
                continue;
            }
            int count = 0;
            for (String group : rule.apiGroups().stream().sorted().toList()) {
                for (String version : rule.apiVersions().stream().sorted().toList()) {
                    for (String plural : rule.resources().stream().sorted().toList()) {
                        ApiResource<?> found = resource(group, version, plural);
                        if (found != null && count < MOST_TYPES) {
                            matched.add(found);
                            count++;
                        }
                    }
                }
            }
        }
        return List.copyOf(matched);
    }

    private static @Nullable ApiResource<?> resource(String group, String version, String plural) {
        return Types.resources().stream().filter(r -> r.group().equals(group) && r.version().equals(version) && r.plural().equals(plural)).findFirst().orElse(null);
    }
}
