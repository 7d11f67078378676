package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.admissionregistration.v1.MutatingAdmissionPolicyBinding;
import io.j8s.model.admissionregistration.v1.MutatingAdmissionPolicyBindingSpec;

/// `mutatingadmissionpolicybindings.admissionregistration.k8s.io`
final class MutatingAdmissionPolicyBindings {

    private static final FieldPath SPEC = FieldPath.of("spec");

    private MutatingAdmissionPolicyBindings() {}

    static Resource<MutatingAdmissionPolicyBinding> resource() {
        return Resource.of(MutatingAdmissionPolicyBinding.RESOURCE)
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

    private static void rules(MutatingAdmissionPolicyBindingSpec spec, FieldErrors errors) {
        MatchRules.policyName(spec.policyName(), SPEC.child("policyName"), errors);
        if (spec.hasParamRef()) {
            MatchRules.paramRef(spec.paramRef(), SPEC.child("paramRef"), errors);
        }
        if (spec.hasMatchResources()) {
            MatchRules.check(spec.matchResources(), SPEC.child("matchResources"), errors);
        }
        MatchRules.onlyMutating(spec.matchResources(), SPEC.child("matchResources"), errors);
    }
}
