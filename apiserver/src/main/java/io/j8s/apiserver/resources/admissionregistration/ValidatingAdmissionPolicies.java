package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.cel.CelEnvironment;
import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Parts;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.core.ConditionRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.admissionregistration.v1.AuditAnnotation;
import io.j8s.model.admissionregistration.v1.ExpressionWarning;
import io.j8s.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.j8s.model.admissionregistration.v1.ValidatingAdmissionPolicySpec;
import io.j8s.model.admissionregistration.v1.Validation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// `validatingadmissionpolicies.admissionregistration.k8s.io`
final class ValidatingAdmissionPolicies {

    static final Set<String> FAILURE_POLICIES = Set.of("Fail", "Ignore");
    private static final Set<String> REASONS = Set.of("Forbidden", "Invalid", "RequestEntityTooLarge");
    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath STATUS = FieldPath.of("status");
    private static final int MOST_ANNOTATIONS = 20;
    private static final int MOST_VALUE_EXPRESSION_BYTES = 5 * 1024;

    private ValidatingAdmissionPolicies() {}

    static Resource<ValidatingAdmissionPolicy> resource() {
        return Resource.of(ValidatingAdmissionPolicy.RESOURCE)
                .categories("api-extensions")
                .updatesOnlyConditionally()
                .anyFinalizers()
                .metadataUpdateNotRevalidated()
                .defaults(policy -> policy.withSpec(defaults(policy.spec())))
                .generationOfSpec()
                .createRules((policy, errors) -> rules(policy, true, errors))
                .updateRules((policy, old, errors) -> rules(policy, !sameConditions(policy.spec(), old.spec()), errors))
                .status(Parts::onlyStatusWithoutMetadata, (policy, old, errors) -> statusRules(policy, errors))
                .resets("status", "metadata")
                .table(table -> table
                        .nameColumn()
                        .column("Validations", "integer", "How many validations there are.", (policy, now) -> policy.spec().validations().size())
                        .column("ParamKind", "string", "The kind of objects that hold its parameters.",
                                (policy, now) -> MatchRules.shown(policy.spec().paramKind(), policy.spec().hasParamKind()))
                        .ageColumn())
                .build();
    }

    private static ValidatingAdmissionPolicySpec defaults(ValidatingAdmissionPolicySpec sent) {
        ValidatingAdmissionPolicySpec spec = sent.hasFailurePolicy() ? sent : sent.withFailurePolicy("Fail");
        return spec.hasMatchConstraints() ? spec.withMatchConstraints(MatchRules.withDefaults(spec.matchConstraints())) : spec;
    }

    private static boolean sameConditions(ValidatingAdmissionPolicySpec spec, ValidatingAdmissionPolicySpec old) {
        return spec.paramKind().equals(old.paramKind()) && spec.matchConditions().equals(old.matchConditions());
    }

    private static void rules(ValidatingAdmissionPolicy policy, boolean withConditions, FieldErrors errors) {
        ValidatingAdmissionPolicySpec spec = policy.spec();
        WebhookRules.oneOf(spec.failurePolicy(), FAILURE_POLICIES, SPEC.child("failurePolicy"), errors);
        if (spec.hasParamKind()) {
            MatchRules.paramKind(spec.paramKind(), SPEC.child("paramKind"), errors);
        }
        if (spec.hasMatchConstraints()) {
            MatchRules.check(spec.matchConstraints(), SPEC.child("matchConstraints"), errors);
            if (spec.matchConstraints().resourceRules().isEmpty()) {
                errors.required(SPEC.child("matchConstraints").child("resourceRules"));
            }
        } else {
            errors.required(SPEC.child("matchConstraints"));
        }
        Expressions expressions = Expressions.ofPolicy(spec.hasParamKind());
        if (withConditions) {
            MatchConditionRules.check(spec.matchConditions(), expressions, SPEC.child("matchConditions"), errors);
        }
        VariableRules.check(spec.variables(), expressions, SPEC.child("variables"), errors);
        if (spec.validations().isEmpty() && spec.auditAnnotations().isEmpty()) {
            errors.required(SPEC.child("validations"), "validations or auditAnnotations must contain at least one item");
            errors.required(SPEC.child("auditAnnotations"), "validations or auditAnnotations must contain at least one item");
            return;
        }
        for (int i = 0; i < spec.validations().size(); i++) {
            validation(spec.validations().get(i), expressions, SPEC.child("validations").index(i), errors);
        }
        annotations(policy.metadata().name(), spec.auditAnnotations(), expressions, SPEC.child("auditAnnotations"), errors);
    }

    private static void validation(Validation validation, Expressions expressions, FieldPath path, FieldErrors errors) {
        if (validation.expression().isBlank()) {
            errors.required(path.child("expression"), "expression is not specified");
        } else {
            expressions.check(validation.expression(), CelEnvironment.Result.BOOL, path.child("expression"), errors);
        }
        if (!validation.messageExpression().isEmpty() && validation.messageExpression().isBlank()) {
            errors.invalid(path.child("messageExpression"), validation.messageExpression(), "must be non-empty if specified");
        } else if (!validation.messageExpression().isEmpty()) {
            expressions.check(validation.messageExpression(), CelEnvironment.Result.STRING, path.child("messageExpression"), errors);
        }
        String message = validation.message();
        if (!message.isEmpty() && message.isBlank()) {
            errors.invalid(path.child("message"), message, "must be non-empty if specified");
        } else if (message.strip().contains("\n") || message.strip().contains("\r")) {
            errors.invalid(path.child("message"), message, "must not contain line breaks");
        }
        if (validation.hasReason()) {
            WebhookRules.oneOf(validation.reason(), REASONS, path.child("reason"), errors);
        }
    }

    private static void annotations(String policy, List<AuditAnnotation> annotations, Expressions expressions, FieldPath path, FieldErrors errors) {
        if (annotations.size() > MOST_ANNOTATIONS) {
            errors.invalid(path, annotations, "must not have more than " + MOST_ANNOTATIONS + " auditAnnotations");
        }
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < annotations.size(); i++) {
            AuditAnnotation annotation = annotations.get(i);
            FieldPath here = path.index(i);
            if (policy.isEmpty()) {
                errors.invalid(here.child("key"), annotation.key(), "requires metadata.name be non-empty");
            } else {
                String key = policy + "/" + annotation.key();
                Names.qualifiedName(key).forEach(problem -> errors.invalid(here.child("key"), key, problem));
            }
            if (annotation.valueExpression().isBlank()) {
                errors.required(here.child("valueExpression"), "valueExpression is not specified");
            } else if (annotation.valueExpression().strip().length() > MOST_VALUE_EXPRESSION_BYTES) {
                errors.required(here.child("valueExpression"), "must not exceed " + MOST_VALUE_EXPRESSION_BYTES + " bytes in length");
            } else {
                expressions.check(annotation.valueExpression(), CelEnvironment.Result.NOTE, here.child("valueExpression"), errors);
            }
            if (!keys.add(annotation.key())) {
                errors.duplicate(here.child("key"), annotation.key());
            }
        }
    }

    private static void statusRules(ValidatingAdmissionPolicy policy, FieldErrors errors) {
        List<ExpressionWarning> warnings = policy.status().typeChecking().expressionWarnings();
        for (int i = 0; i < warnings.size(); i++) {
            FieldPath path = STATUS.child("typeChecking").child("expressionWarnings").index(i);
            if (warnings.get(i).warning().isEmpty()) {
                errors.required(path.child("warning"));
            }
            if (warnings.get(i).fieldRef().isBlank()) {
                errors.required(path.child("fieldRef"));
            }
        }
        ConditionRules.check(policy.status().conditions(), STATUS.child("conditions"), errors);
    }
}
