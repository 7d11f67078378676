package io.j8s.apiserver.admission.policy;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.cel.CelEnvironment;
import io.j8s.apiserver.cel.CelException;
import io.j8s.apiserver.cel.CelExpression;
import io.j8s.apiserver.cel.CelValues;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.ApiResource;
import io.j8s.model.Json;
import io.j8s.model.Struct;
import io.j8s.model.admissionregistration.v1.AuditAnnotation;
import io.j8s.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.j8s.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.j8s.model.admissionregistration.v1.Validation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Refuses, tells of, or notes what ValidatingAdmissionPolicies forbid (plugin `ValidatingAdmissionPolicy`). A policy takes effect with the next request after it is written;
/// its expressions are compiled once.
public final class ValidatingPolicies implements AdmissionPlugin {

    private static final String AUDIT = "validation.policy.admission.k8s.io/validation_failure";

    private final Authorizer authorizer;
    private final PolicyMetrics metrics;
    private final Map<String, Compiled> compiled = new ConcurrentHashMap<>();

    private record Check(Validation source, CelExpression expression, @Nullable CelExpression message) {}

    /// @param fault why it does not compile; empty when it does
    private record Compiled(ValidatingAdmissionPolicy source, @Nullable PolicyParts parts, List<Check> checks, Map<String, CelExpression> notes, String fault) {}

    /// Something that a policy forbids.
    ///
    /// @param index of the expression in the policy
    /// @param failure why it could not be evaluated; empty when it said no
    /// @param nanos how long that took
    private record Violation(String reason, String message, int index, String failure, long nanos) {}

    public ValidatingPolicies(Authorizer authorizer, PolicyMetrics metrics) {
        this.authorizer = authorizer;
        this.metrics = metrics;
    }

    @Override
    public String name() {
        return "ValidatingAdmissionPolicy";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return Matching.possible(request) && request.state().any(ValidatingAdmissionPolicyBinding.RESOURCE, "", binding -> true);
    }

    @Override
    public void validate(AdmissionRequest request) {
        for (ValidatingAdmissionPolicyBinding binding : request.state().list(ValidatingAdmissionPolicyBinding.RESOURCE, "")) {
            ValidatingAdmissionPolicy policy = request.state().get(ValidatingAdmissionPolicy.RESOURCE, "", binding.spec().policyName());
            ApiResource<?> version = policy == null ? null : PolicyParts.matches(request, policy.spec().matchConstraints(), binding.spec().matchResources());
            if (policy != null && version != null) {
                apply(request, version, policy, binding);
            }
        }
    }

    private void apply(AdmissionRequest request, ApiResource<?> version, ValidatingAdmissionPolicy policy, ValidatingAdmissionPolicyBinding binding) {
        List<Violation> violations;
        try {
            violations = violations(request, version, compiled(policy), binding);
        } catch (CelException e) {
            violations = policy.spec().failurePolicy().equals("Ignore") ? List.of() : List.of(new Violation("", e.why(), 0, e.why(), 0));
        }
        for (Violation violation : violations) {
            for (String action : binding.spec().validationActions()) {
                metrics.validated(policy.metadata().name(), binding.metadata().name(), action.toLowerCase(Locale.ROOT), violation.failure, violation.nanos);
            }
        }
        for (Violation violation : violations) {
            report(request, policy, binding, violation);
        }
    }

    private static void report(AdmissionRequest request, ValidatingAdmissionPolicy policy, ValidatingAdmissionPolicyBinding binding, Violation violation) {
        String bound = violation.message.startsWith("failed to configure policy") ? "" : " with binding '" + binding.metadata().name() + "'";
        String named = "ValidatingAdmissionPolicy '" + policy.metadata().name() + "'" + bound;
        for (String action : binding.spec().validationActions()) {
            switch (action) {
                case "Deny" -> throw refusal(request, violation.reason, named + " denied request: " + violation.message);
                case "Warn" -> request.warn().accept("Validation failed for " + named + ": " + violation.message);
                case "Audit" -> request.annotate().accept(AUDIT, audited(policy, binding, violation));
                default -> { }
            }
        }
    }

    /// A violation as audit annotations hold it: a JSON list of what was violated.
    private static String audited(ValidatingAdmissionPolicy policy, ValidatingAdmissionPolicyBinding binding, Violation violation) {
        Map<String, Object> failure = new LinkedHashMap<>();
        failure.put("message", violation.message);
        failure.put("policy", policy.metadata().name());
        failure.put("binding", binding.metadata().name());
        failure.put("expressionIndex", violation.index);
        failure.put("validationActions", binding.spec().validationActions());
        return new String(Json.writePlain(List.of(failure)), StandardCharsets.UTF_8);
    }

    static Refusal refusal(AdmissionRequest request, String reason, String message) {
        int code = switch (reason) {
            case "Unauthorized" -> 401;
            case "Forbidden" -> 403;
            case "RequestEntityTooLarge" -> 413;
            default -> 422;
        };
        return refusal(request, code, reason, message);
    }

    static Refusal refusal(AdmissionRequest request, int code, String reason, String message) {
        Refusal forbidden = request.forbidden(message);
        return new Refusal(code, reason.isEmpty() ? "Invalid" : reason, forbidden.message(), forbidden.details().withCauses(List.of(new Refusal.Cause("", message, ""))));
    }

    @SuppressWarnings("ReferenceEquality") // an object that was not written stays the very same
    private Compiled compiled(ValidatingAdmissionPolicy policy) {
        Compiled known = compiled.get(policy.metadata().name());
        if (known == null || known.source != policy) {
            long start = metrics.nanoTime();
            known = compile(policy);
            metrics.compiled(metrics.nanoTime() - start);
            compiled.put(policy.metadata().name(), known);
        }
        return known;
    }

    private static Compiled compile(ValidatingAdmissionPolicy policy) {
        try {
            PolicyParts parts = PolicyParts.compile(policy.spec().paramKind(), policy.spec().variables(), policy.spec().matchConditions());
            List<Check> checks = new ArrayList<>();
            for (Validation validation : policy.spec().validations()) {
                CelExpression expression = parts.environment().compile(validation.expression(), CelEnvironment.Result.BOOL);
                CelExpression message = validation.messageExpression().isBlank()
                        ? null : parts.environment().compile(validation.messageExpression(), CelEnvironment.Result.STRING);
                checks.add(new Check(validation, expression, message));
            }
            Map<String, CelExpression> notes = new LinkedHashMap<>();
            for (AuditAnnotation annotation : policy.spec().auditAnnotations()) {
                notes.put(policy.metadata().name() + "/" + annotation.key(), parts.environment().compile(annotation.valueExpression(), CelEnvironment.Result.NOTE));
            }
            return new Compiled(policy, parts, checks, notes, "");
        } catch (CelException e) {
            return new Compiled(policy, null, List.of(), Map.of(), e.why());
        }
    }

    private List<Violation> violations(AdmissionRequest request, ApiResource<?> version, Compiled policy, ValidatingAdmissionPolicyBinding binding) throws CelException {
        PolicyParts parts = policy.parts;
        if (parts == null) {
            throw new CelException(policy.fault);
        }
        List<Violation> violations = new ArrayList<>(0);
        for (Struct parameter : PolicyParts.parameters(request, policy.source.spec().paramKind(), binding.spec().paramRef())) {
            RequestVariables variables = new RequestVariables(request, version, authorizer);
            variables.set("params", CelValues.of(parameter));
            if (parts.holds(variables)) {
                check(policy, binding, parts, variables, violations);
                note(request, policy, parts, variables);
            }
        }
        return violations;
    }

    private void check(Compiled policy, ValidatingAdmissionPolicyBinding binding, PolicyParts parts, RequestVariables variables, List<Violation> violations) throws CelException {
        boolean tolerant = policy.source.spec().failurePolicy().equals("Ignore");
        for (int i = 0; i < policy.checks.size(); i++) {
            Check check = policy.checks.get(i);
            long start = metrics.nanoTime();
            try {
                boolean holds = check.expression.test(name -> parts.value(variables, name));
                long spent = metrics.nanoTime() - start;
                metrics.evaluated(spent);
                if (!holds) {
                    violations.add(new Violation(check.source.reason(), message(check, parts, variables), i, "", spent));
                }
            } catch (CelException e) {
                long spent = metrics.nanoTime() - start;
                metrics.evaluated(spent);
                if (tolerant) {
                    metrics.validated(policy.source.metadata().name(), binding.metadata().name(), "allow", e.why(), spent);
                } else {
                    violations.add(new Violation("", e.why(), i, e.why(), spent));
                }
            }
        }
    }

    private static String message(Check check, PolicyParts parts, RequestVariables variables) {
        if (check.message != null) {
            try {
                Object text = check.message.evaluate(name -> parts.value(variables, name));
                if (text instanceof String said && !said.isBlank() && said.indexOf('\n') < 0 && said.length() <= 5 * 1024) {
                    return said.strip();
                }
            } catch (CelException e) {
                return said(check);
            }
        }
        return said(check);
    }

    private static String said(Check check) {
        return check.source.message().isBlank() ? "failed expression: " + check.source.expression().strip() : check.source.message().strip();
    }

    private static void note(AdmissionRequest request, Compiled policy, PolicyParts parts, RequestVariables variables) throws CelException {
        for (Map.Entry<String, CelExpression> note : policy.notes.entrySet()) {
            if (note.getValue().evaluate(name -> parts.value(variables, name)) instanceof String text && !text.isBlank()) {
                request.annotate().accept(note.getKey(), text);
            }
        }
    }
}
