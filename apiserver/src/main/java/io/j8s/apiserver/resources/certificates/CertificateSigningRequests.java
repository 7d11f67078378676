package io.j8s.apiserver.resources.certificates;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.resource.Cells;
import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.resources.core.Elements;
import io.j8s.model.certificates.v1.CertificateSigningRequest;
import io.j8s.model.certificates.v1.CertificateSigningRequestCondition;
import io.j8s.model.certificates.v1.CertificateSigningRequestSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `certificatesigningrequests.certificates.k8s.io`
///
/// What is asked for is fixed when the object is made, with the user who asks; conditions of approval come only by `approval`, the certificate and other
/// conditions only by `status`.
final class CertificateSigningRequests {

    private CertificateSigningRequests() {}

    static Resource<CertificateSigningRequest> resource() {
        return Resource.of(CertificateSigningRequest.RESOURCE)
                .shortNames("csr")
                .names(NameRule.PATH_SEGMENT)
                .prepareCreate(CertificateSigningRequests::prepareCreate)
                .prepareUpdate((sent, stored, context) -> sent.withSpec(stored.spec()))
                .createRules((csr, errors) -> SigningRequestRules.check(csr, null, errors))
                .updateRules((csr, old, errors) -> SigningRequestRules.checkUpdate(csr, old, SigningRequestRules.Part.OBJECT, errors))
                .status(CertificateSigningRequests::prepareStatus,
                        (csr, old, errors) -> SigningRequestRules.checkUpdate(csr, old, SigningRequestRules.Part.STATUS, errors))
                .subresource(new Subresource.Part<>("approval", CertificateSigningRequests::prepareApproval,
                        (csr, old, errors) -> SigningRequestRules.checkUpdate(csr, old, SigningRequestRules.Part.APPROVAL, errors)))
                .resets("", "spec")
                .resets("status", "status.conditions")
                .resets("approval", "spec")
                .resets("approval", "status.certificate")
                .selectable("spec.signerName", csr -> csr.spec().signerName())
                .table(table -> table
                        .nameColumn()
                        .ageColumn()
                        .column("SignerName", "string", "The signer that is asked.", (csr, now) -> csr.spec().signerName().isEmpty() ? "<none>" : csr.spec().signerName())
                        .column("Requestor", "string", "The user who asked.", (csr, now) -> csr.spec().username())
                        .column("RequestedDuration", "string", "For how long the certificate should be valid.", (csr, now) -> requestedDuration(csr))
                        .column("Condition", "string", "What became of the request.", (csr, now) -> condition(csr)))
                .build();
    }

    private static CertificateSigningRequest prepareCreate(CertificateSigningRequest sent, WriteContext context) {
        User user = context.user();
        CertificateSigningRequestSpec spec = sent.spec().withUsername(user.name()).withUid(user.uid()).withoutGroups().withoutExtra();
        spec = user.groups().isEmpty() ? spec : spec.withGroups(user.groups());
        return sent.withSpec(user.extra().isEmpty() ? spec : spec.withExtra(user.extra()));
    }

    private static CertificateSigningRequest prepareStatus(CertificateSigningRequest sent, CertificateSigningRequest stored, WriteContext context) {
        List<CertificateSigningRequestCondition> kept = sent.status().conditions();
        for (String type : SigningRequestRules.APPROVALS) {
            kept = keepInstances(kept, stored.status().conditions(), type);
        }
        List<CertificateSigningRequestCondition> timed = withTimes(kept, stored.status().conditions(), context.now());
        return sent.withSpec(stored.spec()).withStatus(s -> timed.isEmpty() ? s : s.withConditions(timed));
    }

    private static CertificateSigningRequest prepareApproval(CertificateSigningRequest sent, CertificateSigningRequest stored, WriteContext context) {
        List<CertificateSigningRequestCondition> timed = withTimes(sent.status().conditions(), stored.status().conditions(), context.now());
        return sent.withSpec(stored.spec()).withStatus(timed.isEmpty() ? stored.status().withoutConditions() : stored.status().withConditions(timed));
    }

    /// The conditions of a type as they were, when they are as many.
    private static List<CertificateSigningRequestCondition> keepInstances(
            List<CertificateSigningRequestCondition> conditions, List<CertificateSigningRequestCondition> old, String type) {
        List<CertificateSigningRequestCondition> before = old.stream().filter(c -> c.type().equals(type)).toList();
        if (before.isEmpty() || conditions.stream().filter(c -> c.type().equals(type)).count() != before.size()) {
            return conditions;
        }
        List<CertificateSigningRequestCondition> kept = new ArrayList<>(conditions);
        int next = 0;
        for (int i = 0; i < kept.size(); i++) {
            if (kept.get(i).type().equals(type)) {
                kept.set(i, before.get(next++));
            }
        }
        return kept;
    }

    private static List<CertificateSigningRequestCondition> withTimes(
            List<CertificateSigningRequestCondition> conditions, List<CertificateSigningRequestCondition> old, Instant now) {
        Instant second = now.truncatedTo(ChronoUnit.SECONDS);
        return Elements.map(conditions, condition -> {
            CertificateSigningRequestCondition timed = condition.lastUpdateTime() == null ? condition.withLastUpdateTime(second) : condition;
            if (timed.lastTransitionTime() != null) {
                return timed;
            }
            Instant since = transition(condition, old);
            return timed.withLastTransitionTime(since == null ? second : since);
        });
    }

    private static @Nullable Instant transition(CertificateSigningRequestCondition condition, List<CertificateSigningRequestCondition> old) {
        for (CertificateSigningRequestCondition before : old) {
            if (before.type().equals(condition.type()) && before.status().equals(condition.status()) && before.lastTransitionTime() != null) {
                return before.lastTransitionTime();
            }
        }
        return null;
    }

    private static String requestedDuration(CertificateSigningRequest csr) {
        return csr.spec().hasExpirationSeconds() ? Cells.duration(Duration.ofSeconds(csr.spec().expirationSeconds())) : "<none>";
    }

    private static String condition(CertificateSigningRequest csr) {
        List<String> types = csr.status().conditions().stream().map(CertificateSigningRequestCondition::type).toList();
        String shown = types.contains("Denied") ? "Denied" : types.contains("Approved") ? "Approved" : "Pending";
        String failed = types.contains("Failed") ? ",Failed" : "";
        return shown + failed + (csr.status().certificate().length() > 0 ? ",Issued" : "");
    }
}
