package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.cel.CelEnvironment;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.admissionregistration.v1.MutatingAdmissionPolicy;
import io.j8s.model.admissionregistration.v1.MutatingAdmissionPolicySpec;
import io.j8s.model.admissionregistration.v1.Mutation;
import java.util.Set;

/// `mutatingadmissionpolicies.admissionregistration.k8s.io`
final class MutatingAdmissionPolicies {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final Set<String> REINVOCATIONS = Set.of("Never", "IfNeeded");
    private static final Set<String> PATCH_TYPES = Set.of("ApplyConfiguration", "JSONPatch");

    private MutatingAdmissionPolicies() {}

    static Resource<MutatingAdmissionPolicy> resource() {
        return Resource.of(MutatingAdmissionPolicy.RESOURCE)
                .categories("api-extensions")
                .updatesOnlyConditionally()
                .anyFinalizers()
                .metadataUpdateNotRevalidated()
                .defaults(policy -> policy.withSpec(defaults(policy.spec())))
                .generationOfSpec()
                .createRules((policy, errors) -> rules(policy.spec(), true, errors))
                .updateRules((policy, old, errors) -> rules(policy.spec(), !sameConditions(policy.spec(), old.spec()), errors))
                .table(table -> table
                        .nameColumn()
                        .column("Mutations", "integer", "How many mutations there are.", (policy, now) -> policy.spec().mutations().size())
                        .column("ParamKind", "string", "The kind of objects that hold its parameters.",
                                (policy, now) -> MatchRules.shown(policy.spec().paramKind(), policy.spec().hasParamKind()))
                        .ageColumn())
                .build();
    }

    private static MutatingAdmissionPolicySpec defaults(MutatingAdmissionPolicySpec sent) {
        MutatingAdmissionPolicySpec spec = sent.hasFailurePolicy() ? sent : sent.withFailurePolicy("Fail");
        return spec.hasMatchConstraints() ? spec.withMatchConstraints(MatchRules.withDefaults(spec.matchConstraints())) : spec;
    }

    private static boolean sameConditions(MutatingAdmissionPolicySpec spec, MutatingAdmissionPolicySpec old) {
        return spec.paramKind().equals(old.paramKind()) && spec.matchConditions().equals(old.matchConditions());
    }

    private static void rules(MutatingAdmissionPolicySpec spec, boolean withConditions, FieldErrors errors) {
        WebhookRules.oneOf(spec.failurePolicy(), ValidatingAdmissionPolicies.FAILURE_POLICIES, SPEC.child("failurePolicy"), errors);
        if (spec.hasParamKind()) {
            MatchRules.paramKind(spec.paramKind(), SPEC.child("paramKind"), errors);
        }
        FieldPath match = SPEC.child("matchConstraints");
        if (spec.hasMatchConstraints()) {
            MatchRules.check(spec.matchConstraints(), match, errors);
            if (spec.matchConstraints().resourceRules().isEmpty()) {
                errors.required(match.child("resourceRules"));
            }
            MatchRules.onlyMutating(spec.matchConstraints(), match, errors);
        } else {
            errors.required(match);
        }
        Expressions expressions = Expressions.ofPolicy(spec.hasParamKind());
        if (withConditions) {
            MatchConditionRules.check(spec.matchConditions(), expressions, SPEC.child("matchConditions"), errors);
        }
        VariableRules.check(spec.variables(), expressions, SPEC.child("variables"), errors);
        if (spec.mutations().isEmpty()) {
            errors.required(SPEC.child("mutations"), "mutations must contain at least one item");
        }
        for (int i = 0; i < spec.mutations().size(); i++) {
            mutation(spec.mutations().get(i), expressions, SPEC.child("mutations").index(i), errors);
        }
        if (spec.reinvocationPolicy().isEmpty()) {
            errors.required(SPEC.child("reinvocationPolicy"));
        } else {
            WebhookRules.oneOf(spec.reinvocationPolicy(), REINVOCATIONS, SPEC.child("reinvocationPolicy"), errors);
        }
    }

    private static void mutation(Mutation mutation, Expressions expressions, FieldPath path, FieldErrors errors) {
        switch (mutation.patchType()) {
            case "" -> errors.required(path.child("patchType"));
            case "JSONPatch" -> {
                expression("jsonPatch", mutation.hasJsonPatch(), mutation.jsonPatch().expression(), path, errors);
                if (!mutation.jsonPatch().expression().isBlank()) {
                    expressions.check(mutation.jsonPatch().expression(), CelEnvironment.Result.PATCHES, path.child("jsonPatch").child("expression"), errors);
                }
                unset("applyConfiguration", mutation.hasApplyConfiguration(), path, errors);
            }
            case "ApplyConfiguration" -> {
                expression("applyConfiguration", mutation.hasApplyConfiguration(), mutation.applyConfiguration().expression(), path, errors);
                if (!mutation.applyConfiguration().expression().isBlank()) {
                    expressions.check(
                            mutation.applyConfiguration().expression(), CelEnvironment.Result.OBJECT, path.child("applyConfiguration").child("expression"), errors);
                }
                unset("jsonPatch", mutation.hasJsonPatch(), path, errors);
            }
            default -> errors.notSupported(path.child("patchType"), mutation.patchType(), PATCH_TYPES);
        }
    }

    private static void expression(String field, boolean there, String expression, FieldPath path, FieldErrors errors) {
        if (!there) {
            errors.required(path.child(field), "must be specified by its patchType");
        } else if (expression.isBlank()) {
            errors.required(path.child(field).child("expression"));
        }
    }

    private static void unset(String field, boolean there, FieldPath path, FieldErrors errors) {
        if (there) {
            errors.invalid(path.child(field), "{" + field + "}", "must not be specified with another patchType");
        }
    }
}
