package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.admissionregistration.v1.MutatingAdmissionPolicyBinding;

/// `mutatingadmissionpolicybindings.admissionregistration.k8s.io`
final class MutatingAdmissionPolicyBindings {

    private MutatingAdmissionPolicyBindings() {}

    static Resource<MutatingAdmissionPolicyBinding> resource() {
        return Resource.of(MutatingAdmissionPolicyBinding.RESOURCE)
                .categories("api-extensions")
                .updatesOnlyConditionally()
                .build();
    }
}
