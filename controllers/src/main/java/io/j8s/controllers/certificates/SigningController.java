package io.j8s.controllers.certificates;

import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.Bytes;
import io.j8s.model.certificates.v1.CertificateSigningRequest;
import io.j8s.model.certificates.v1.CertificateSigningRequestCondition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Watches requests to the built-in signers; signs those that are approved and keep the signer's rules, and marks the others failed.
public final class SigningController implements Controller {
    private static final Duration SHORTEST = Duration.ofMinutes(10);
    private final Context context;
    private final CertificateSettings settings;
    private final Informer<CertificateSigningRequest> requests;
    private final ControllerLoop<String> loop;

    public SigningController(Context context, CertificateSettings settings, int workers) {
        this.context = context;
        this.settings = settings;
        this.requests = context.informers().of(CertificateSigningRequest.RESOURCE);
        WorkQueue<String> queue = context.queue("certificate_signing");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        if (!settings.authorities().isEmpty()) {
            requests.addHandler(Handler.each(request -> queue.add(request.metadata().name())));
        }
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Outcome reconcile(String name) {
        CertificateSigningRequest object = requests.lister().get("", name);
        boolean due = object != null
                && settings.authority(object.spec().signerName()) != null
                && SigningRequest.has(object, "Approved")
                && !SigningRequest.has(object, "Denied")
                && !SigningRequest.has(object, "Failed")
                && !SigningRequest.issued(object);
        if (object == null || !due) {
            return Outcome.DONE;
        }
        String violation;
        try {
            SigningRequest request = SigningRequest.read(object);
            violation = request.violation(object.spec().signerName());
            if (violation == null) {
                Instant now = context.time().now().truncatedTo(ChronoUnit.SECONDS);
                CertificateSettings.Authority signer = Objects.requireNonNull(settings.authority(object.spec().signerName()));
                Bytes certificate = Bytes.of(Signing.certificate(request, signer, now, now.plus(life(object))).getBytes(StandardCharsets.US_ASCII));
                context.client().updateStatus(CertificateSigningRequest.RESOURCE, "", object.withStatus(s -> s.withCertificate(certificate)));
                return Outcome.DONE;
            }
        } catch (IllegalArgumentException e) {
            violation = String.valueOf(e.getMessage());
        } catch (IOException | GeneralSecurityException e) {
            return Outcome.failed(e);
        }
        fail(object, violation);
        return Outcome.DONE;
    }

    private void fail(CertificateSigningRequest object, String message) {
        Instant now = context.time().now().truncatedTo(ChronoUnit.SECONDS);
        List<CertificateSigningRequestCondition> conditions = new ArrayList<>(object.status().conditions());
        conditions.add(CertificateSigningRequestCondition.EMPTY.withType("Failed").withStatus("True").withReason("SignerValidationFailure").withMessage(message).withLastUpdateTime(now));
        context.client().updateStatus(CertificateSigningRequest.RESOURCE, "", object.withStatus(s -> s.withConditions(conditions)));
    }

    private Duration life(CertificateSigningRequest object) {
        if (!object.spec().hasExpirationSeconds()) {
            return settings.duration();
        }
        Duration asked = Duration.ofSeconds(object.spec().expirationSeconds());
        asked = asked.compareTo(SHORTEST) < 0 ? SHORTEST : asked;
        return asked.compareTo(settings.duration()) > 0 ? settings.duration() : asked;
    }
}
