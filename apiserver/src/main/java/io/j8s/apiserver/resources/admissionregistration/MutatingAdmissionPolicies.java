package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.admissionregistration.v1.MutatingAdmissionPolicy;

/// `mutatingadmissionpolicies.admissionregistration.k8s.io`
final class MutatingAdmissionPolicies {

    private MutatingAdmissionPolicies() {}

    static Resource<MutatingAdmissionPolicy> resource() {
        return Resource.of(MutatingAdmissionPolicy.RESOURCE)
                .categories("api-extensions")
                .updatesOnlyConditionally()
                .build();
    }
}
