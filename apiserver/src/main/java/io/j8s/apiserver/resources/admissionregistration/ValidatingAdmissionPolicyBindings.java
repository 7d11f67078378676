package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.j8s.model.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// `validatingadmissionpolicybindings.admissionregistration.k8s.io`
final class ValidatingAdmissionPolicyBindings {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final Set<String> ACTIONS = Set.of("Deny", "Warn", "Audit");

    private ValidatingAdmissionPolicyBindings() {}

    static Resource<ValidatingAdmissionPolicyBinding> resource() {
        return Resource.of(ValidatingAdmissionPolicyBinding.RESOURCE)
                .categories("api-extensions")
                .updatesOnlyConditionally()
                .anyFinalizers()
                .metadataUpdateNotRevalidated()
                .defaults(binding -> binding.spec().hasMatchResources()
                        ? binding.withSpec(s -> s.withMatchResources(MatchRules.withDefaults(s.matchResources())))
                        : binding)
                .generationOfSpec()
                .rules((binding, errors) -> rules(binding.spec(), errors))
                .table(table -> table
                        .nameColumn()
                        .column("PolicyName", "string", "The policy that is bound.", (binding, now) -> binding.spec().policyName())
                        .column("ParamRef", "string", "The objects that hold its parameters.",
                                (binding, now) -> MatchRules.shown(binding.spec().paramRef(), binding.spec().hasParamRef()))
                        .ageColumn())
                .build();
    }

    private static void rules(ValidatingAdmissionPolicyBindingSpec spec, FieldErrors errors) {
        MatchRules.policyName(spec.policyName(), SPEC.child("policyName"), errors);
        if (spec.hasParamRef()) {
            MatchRules.paramRef(spec.paramRef(), SPEC.child("paramRef"), errors);
        }
        if (spec.hasMatchResources()) {
            MatchRules.check(spec.matchResources(), SPEC.child("matchResources"), errors);
        }
        actions(spec.validationActions(), SPEC.child("validationActions"), errors);
    }

    private static void actions(List<String> actions, FieldPath path, FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < actions.size(); i++) {
            WebhookRules.oneOf(actions.get(i), ACTIONS, path.index(i), errors);
            if (!seen.add(actions.get(i))) {
                errors.duplicate(path.index(i), actions.get(i));
            }
        }
        if (seen.contains("Deny") && seen.contains("Warn")) {
            errors.invalid(path, actions, "must not contain both Deny and Warn (the same failure would be told twice)");
        }
        if (actions.isEmpty()) {
            errors.required(path, "at least one validation action is required");
        }
    }
}
