package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.certificates.v1.CertificateSigningRequest;

/// Nobody asks for a client certificate in the group `system:masters`.
public final class CertificateSubjectRestriction implements AdmissionPlugin {

    private static final String SIGNER = "kubernetes.io/kube-apiserver-client";

    @Override
    public String name() {
        return "CertificateSubjectRestriction";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.is(Operation.CREATE, "certificates.k8s.io", "certificatesigningrequests");
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (request.object() instanceof CertificateSigningRequest csr && csr.spec().signerName().equals(SIGNER)
                && CertificateSubjects.organizations(csr.spec().request()).contains("system:masters")) {
            throw request.forbidden("use of " + SIGNER + " signer with system:masters group is not allowed");
        }
    }
}
