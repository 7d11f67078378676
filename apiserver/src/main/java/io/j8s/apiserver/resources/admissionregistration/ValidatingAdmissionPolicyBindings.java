package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;

/// `validatingadmissionpolicybindings.admissionregistration.k8s.io`
final class ValidatingAdmissionPolicyBindings {

    private ValidatingAdmissionPolicyBindings() {}

    static Resource<ValidatingAdmissionPolicyBinding> resource() {
        return Resource.of(ValidatingAdmissionPolicyBinding.RESOURCE)
                .categories("api-extensions")
                .updatesOnlyConditionally()
                .build();
    }
}
