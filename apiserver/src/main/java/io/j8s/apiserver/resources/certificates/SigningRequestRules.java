package io.j8s.apiserver.resources.certificates;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.certificates.v1.CertificateSigningRequest;
import io.j8s.model.certificates.v1.CertificateSigningRequestCondition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules for requests of certificates. What an older state of the object already breaks, an update may break as well.
final class SigningRequestRules {

    static final List<String> APPROVALS = List.of("Approved", "Denied");

    private static final String FAILED = "Failed";
    private static final Set<String> ALWAYS_TRUE = Set.of("Approved", "Denied", FAILED);
    private static final Set<String> STATUSES = Set.of("True", "False", "Unknown");
    private static final String LEGACY_SIGNER = "kubernetes.io/legacy-unknown";
    private static final int LEAST_SECONDS = 600;
    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath CONDITIONS = FieldPath.of("status").child("conditions");
    private static final FieldPath CERTIFICATE = FieldPath.of("status").child("certificate");
    private static final Set<String> USAGES = Set.of(
            "signing", "digital signature", "content commitment", "key encipherment", "key agreement", "data encipherment", "cert sign", "crl sign", "encipher only",
            "decipher only", "any", "server auth", "client auth", "code signing", "email protection", "s/mime", "ipsec end system", "ipsec tunnel", "ipsec user",
            "timestamping", "ocsp signing", "microsoft sgc", "netscape sgc");

    private SigningRequestRules() {}

    /// What an update is sent to, which says what it may change.
    enum Part { OBJECT, STATUS, APPROVAL }

    static void check(CertificateSigningRequest csr, @Nullable CertificateSigningRequest old, FieldErrors errors) {
        String problem = CertificateRequestText.problem(csr.spec().request());
        if (problem != null) {
            errors.invalid(SPEC.child("request"), csr.spec().request().base64(), problem);
        }
        usages(csr.spec().usages(), old == null ? List.of() : old.spec().usages(), errors);
        signer(csr.spec().signerName(), old == null ? "" : old.spec().signerName(), errors);
        if (csr.spec().hasExpirationSeconds() && csr.spec().expirationSeconds() < LEAST_SECONDS) {
            errors.invalid(SPEC.child("expirationSeconds"), csr.spec().expirationSeconds(), "may not specify a duration less than 600 seconds (10 minutes)");
        }
        conditions(csr.status().conditions(), old == null ? List.of() : old.status().conditions(), errors);
        if (old == null || !old.status().certificate().equals(csr.status().certificate())) {
            String wrong = CertificateRequestText.certificateProblem(csr.status().certificate());
            if (wrong != null) {
                errors.invalid(CERTIFICATE, "<certificate data>", wrong);
            }
        }
    }

    private static void usages(List<String> usages, List<String> old, FieldErrors errors) {
        FieldPath path = SPEC.child("usages");
        if (usages.isEmpty()) {
            errors.required(path);
        }
        if (USAGES.containsAll(old)) {
            for (int i = 0; i < usages.size(); i++) {
                if (!USAGES.contains(usages.get(i))) {
                    errors.notSupported(path.index(i), usages.get(i), USAGES);
                }
            }
        }
        if (new HashSet<>(old).size() == old.size()) {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < usages.size(); i++) {
                if (!seen.add(usages.get(i))) {
                    errors.duplicate(path.index(i), usages.get(i));
                }
            }
        }
    }

    private static void signer(String name, String old, FieldErrors errors) {
        FieldPath path = SPEC.child("signerName");
        if (name.equals(LEGACY_SIGNER) && !old.equals(LEGACY_SIGNER)) {
            errors.invalid(path, name, "the legacy signerName is not allowed via this API version");
        } else {
            SignerNames.check(name, path, errors);
        }
    }

    private static void conditions(List<CertificateSigningRequestCondition> conditions, List<CertificateSigningRequestCondition> old, FieldErrors errors) {
        List<String> before = old.stream().map(CertificateSigningRequestCondition::type).toList();
        boolean bothAllowed = before.containsAll(APPROVALS);
        boolean twiceAllowed = new HashSet<>(before).size() < before.size();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < conditions.size(); i++) {
            CertificateSigningRequestCondition condition = conditions.get(i);
            FieldPath path = CONDITIONS.index(i);
            if (condition.type().isEmpty() && !before.contains("")) {
                errors.required(path.child("type"));
            }
            status(condition, path.child("status"), errors);
            String opposite = condition.type().equals("Approved") ? "Denied" : condition.type().equals("Denied") ? "Approved" : "";
            if (!bothAllowed && !opposite.isEmpty() && seen.contains(opposite)) {
                errors.invalid(CONDITIONS, condition.type(), "Approved and Denied conditions are mutually exclusive");
            }
            if (!seen.add(condition.type()) && !twiceAllowed) {
                errors.duplicate(path.child("type"), condition.type());
            }
        }
    }

    private static void status(CertificateSigningRequestCondition condition, FieldPath path, FieldErrors errors) {
        Set<String> allowed = ALWAYS_TRUE.contains(condition.type()) ? Set.of("True") : STATUSES;
        if (condition.status().isEmpty()) {
            errors.required(path);
        } else if (!allowed.contains(condition.status())) {
            errors.notSupported(path, condition.status(), allowed);
        }
    }

    static void checkUpdate(CertificateSigningRequest csr, CertificateSigningRequest old, Part part, FieldErrors errors) {
        check(csr, old, errors);
        for (String type : List.of("Approved", "Denied", FAILED)) {
            if (of(csr, type).size() < of(old, type).size()) {
                errors.forbidden(CONDITIONS, "updates may not remove a condition of type \"" + type + "\"");
            }
        }
        if (part != Part.APPROVAL) {
            approvalsUnchanged(csr, old, errors);
        }
        if (!csr.status().certificate().equals(old.status().certificate())) {
            if (part != Part.STATUS) {
                errors.forbidden(CERTIFICATE, "updates may not set certificate content");
            } else if (old.status().certificate().length() > 0) {
                errors.forbidden(CERTIFICATE, "updates may not modify existing certificate content");
            }
        }
    }

    private static void approvalsUnchanged(CertificateSigningRequest csr, CertificateSigningRequest old, FieldErrors errors) {
        for (String type : APPROVALS) {
            List<CertificateSigningRequestCondition> now = of(csr, type);
            List<CertificateSigningRequestCondition> before = of(old, type);
            if (now.size() > before.size()) {
                errors.forbidden(CONDITIONS, "updates may not add a condition of type \"" + type + "\"");
            } else if (now.size() == before.size() && !now.equals(before)) {
                errors.forbidden(CONDITIONS, "updates may not modify a condition of type \"" + type + "\"");
            }
        }
    }

    private static List<CertificateSigningRequestCondition> of(CertificateSigningRequest csr, String type) {
        return csr.status().conditions().stream().filter(c -> c.type().equals(type)).toList();
    }
}
