package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.admissionregistration.v1.ValidatingAdmissionPolicy;

/// `validatingadmissionpolicies.admissionregistration.k8s.io`
final class ValidatingAdmissionPolicies {

    private ValidatingAdmissionPolicies() {}

    static Resource<ValidatingAdmissionPolicy> resource() {
        return Resource.of(ValidatingAdmissionPolicy.RESOURCE)
                .categories("api-extensions")
                .updatesOnlyConditionally()
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
