package io.j8s.apiserver.resources.certificates;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.certificates.v1.CertificateSigningRequest;

/// `certificatesigningrequests.certificates.k8s.io`
final class CertificateSigningRequests {

    private CertificateSigningRequests() {}

    static Resource<CertificateSigningRequest> resource() {
        return Resource.of(CertificateSigningRequest.RESOURCE)
                .shortNames("csr")
                .status((object, old, errors) -> {})
                .build();
    }
}
