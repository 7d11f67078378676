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
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;

/// Watches requests to the built-in signers; signs those that are approved and keep the signer's rules, and marks the others failed.
public final class SigningController implements Controller {
    private static final Duration SHORTEST = Duration.ofMinutes(10);
    private static final Duration BACKDATE = Duration.ofMinutes(5);
    private static final Map<String, Integer> KEY_USAGES = Map.of(
            "digital signature", KeyUsage.digitalSignature,
            "key encipherment", KeyUsage.keyEncipherment,
            "content commitment", KeyUsage.nonRepudiation,
            "signing", KeyUsage.digitalSignature,
            "data encipherment", KeyUsage.dataEncipherment,
            "key agreement", KeyUsage.keyAgreement);
    private static final Map<String, KeyPurposeId> PURPOSES = Map.of("client auth", KeyPurposeId.id_kp_clientAuth, "server auth", KeyPurposeId.id_kp_serverAuth, "any", KeyPurposeId.anyExtendedKeyUsage);

    private final Context context;
    private final CertificateSettings settings;
    private final SecureRandom serials = new SecureRandom();
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
                Bytes certificate = Bytes.of(pem(sign(request, object)).getBytes(StandardCharsets.US_ASCII));
                context.client().updateStatus(CertificateSigningRequest.RESOURCE, "", object.withStatus(s -> s.withCertificate(certificate)));
                return Outcome.DONE;
            }
        } catch (IllegalArgumentException | PKCSException e) {
            violation = String.valueOf(e.getMessage());
        } catch (IOException | OperatorCreationException | java.security.GeneralSecurityException e) {
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

    private X509CertificateHolder sign(SigningRequest request, CertificateSigningRequest object)
            throws IOException, OperatorCreationException, PKCSException, java.security.GeneralSecurityException {
        CertificateSettings.Authority signer = Objects.requireNonNull(settings.authority(object.spec().signerName()));
        X509Certificate authority = signer.certificate();
        PrivateKey key = signer.key();
        if (!request.request().isSignatureValid(new JcaContentVerifierProviderBuilder().build(request.request().getSubjectPublicKeyInfo()))) {
            throw new IllegalArgumentException("the request is not signed by its own key");
        }
        Instant now = context.time().now().truncatedTo(ChronoUnit.SECONDS);
        Instant end = now.plus(life(object));
        Instant last = authority.getNotAfter().toInstant();
        X509CertificateHolder issuer = new JcaX509CertificateHolder(authority);
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                issuer.getSubject(),
                new BigInteger(127, serials).add(BigInteger.ONE),
                Date.from(now.minus(BACKDATE)),
                Date.from(end.isAfter(last) ? last : end),
                request.request().getSubject(),
                request.request().getSubjectPublicKeyInfo());
        extend(builder, request, authority);
        String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        return builder.build(new JcaContentSignerBuilder(algorithm).build(key));
    }

    private static void extend(X509v3CertificateBuilder builder, SigningRequest request, X509Certificate authority) throws IOException, java.security.GeneralSecurityException {
        int usage = 0;
        List<KeyPurposeId> purposes = new ArrayList<>();
        for (String name : request.usages()) {
            usage |= KEY_USAGES.getOrDefault(name, 0);
            if (PURPOSES.containsKey(name)) {
                purposes.add(PURPOSES.get(name));
            }
        }
        if (usage != 0) {
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
        }
        if (!purposes.isEmpty()) {
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
        }
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.authorityKeyIdentifier, false, new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority));
        if (!request.names().isEmpty()) {
            builder.addExtension(Extension.subjectAlternativeName, request.commonName().isEmpty(), new GeneralNames(request.names().toArray(GeneralName[]::new)));
        }
    }

    private Duration life(CertificateSigningRequest object) {
        if (!object.spec().hasExpirationSeconds()) {
            return settings.duration();
        }
        Duration asked = Duration.ofSeconds(object.spec().expirationSeconds());
        asked = asked.compareTo(SHORTEST) < 0 ? SHORTEST : asked;
        return asked.compareTo(settings.duration()) > 0 ? settings.duration() : asked;
    }

    private static String pem(X509CertificateHolder certificate) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(certificate);
        }
        return text.toString();
    }
}
