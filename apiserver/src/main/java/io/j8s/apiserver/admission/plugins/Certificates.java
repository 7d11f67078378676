package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.model.certificates.v1.CertificateSigningRequest;

/// Who approves and who signs certificate requests needs permission for their signer (plugins `CertificateApproval` and `CertificateSigning`).
///
/// @param name of the plugin
/// @param subresource that it guards
/// @param verb that the user needs on `signers`
public record Certificates(String name, String subresource, String verb, Authorizer authorizer) implements AdmissionPlugin {

    private static final String GROUP = "certificates.k8s.io";

    public static Certificates approval(Authorizer authorizer) {
        return new Certificates("CertificateApproval", "approval", "approve", authorizer);
    }

    public static Certificates signing(Authorizer authorizer) {
        return new Certificates("CertificateSigning", "status", "sign", authorizer);
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.operation() == Operation.UPDATE && request.about(GROUP, "certificatesigningrequests") && request.subresource().equals(subresource);
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (!(request.object() instanceof CertificateSigningRequest csr) || !(request.old() instanceof CertificateSigningRequest old)) {
            return;
        }
        boolean idle = csr.status().certificate().equals(old.status().certificate()) && csr.status().conditions().equals(old.status().conditions());
        String signer = old.spec().signerName();
        if (!(verb.equals("sign") && idle) && !may(request, signer)) {
            throw request.forbidden("user not permitted to " + verb + " requests with signerName \"" + signer + "\"");
        }
    }

    /// Permission for the signer itself, or for all of its domain.
    private boolean may(AdmissionRequest request, String signer) {
        int slash = signer.indexOf('/');
        return allowed(request, signer) || (slash > 0 && allowed(request, signer.substring(0, slash) + "/*"));
    }

    private boolean allowed(AdmissionRequest request, String name) {
        return authorizer.authorize(Attributes.ofResource(request.user(), verb, GROUP, "*", "signers", "", "", name)) instanceof Decision.Allow;
    }
}
