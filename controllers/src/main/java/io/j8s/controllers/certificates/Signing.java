package io.j8s.controllers.certificates;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
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

/// The work of a signer. A class of its own, so that the libraries of certificates are loaded with the first request, and not with the controllers.
final class Signing {
    private static final Duration BACKDATE = Duration.ofMinutes(5);
    private static final int SERIAL_BITS = 127;
    private static final SecureRandom SERIALS = new SecureRandom();
    private static final Map<String, Integer> KEY_USAGES = Map.of(
            "digital signature", KeyUsage.digitalSignature,
            "key encipherment", KeyUsage.keyEncipherment,
            "content commitment", KeyUsage.nonRepudiation,
            "signing", KeyUsage.digitalSignature,
            "data encipherment", KeyUsage.dataEncipherment,
            "key agreement", KeyUsage.keyAgreement);
    private static final Map<String, KeyPurposeId> PURPOSES = Map.of("client auth", KeyPurposeId.id_kp_clientAuth, "server auth", KeyPurposeId.id_kp_serverAuth, "any", KeyPurposeId.anyExtendedKeyUsage);

    private Signing() {}

    /// The certificate for a request, as PEM text.
    ///
    /// @param end when it is to end; never after its authority does
    /// @throws IllegalArgumentException when the request is not one that can be signed
    static String certificate(SigningRequest request, CertificateSettings.Authority signer, Instant now, Instant end) throws IOException, GeneralSecurityException {
        try {
            return pem(sign(request, signer.certificate(), signer.key(), now, end));
        } catch (PKCSException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static X509CertificateHolder sign(SigningRequest request, X509Certificate authority, PrivateKey key, Instant now, Instant end)
            throws IOException, OperatorCreationException, PKCSException, GeneralSecurityException {
        if (!request.request().isSignatureValid(new JcaContentVerifierProviderBuilder().build(request.request().getSubjectPublicKeyInfo()))) {
            throw new IllegalArgumentException("the request is not signed by its own key");
        }
        Instant last = authority.getNotAfter().toInstant();
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                new JcaX509CertificateHolder(authority).getSubject(),
                new BigInteger(SERIAL_BITS, SERIALS).add(BigInteger.ONE),
                Date.from(now.minus(BACKDATE)),
                Date.from(end.isAfter(last) ? last : end),
                request.request().getSubject(),
                request.request().getSubjectPublicKeyInfo());
        extend(builder, request, authority);
        String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        return builder.build(new JcaContentSignerBuilder(algorithm).build(key));
    }

    private static void extend(X509v3CertificateBuilder builder, SigningRequest request, X509Certificate authority) throws IOException, GeneralSecurityException {
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

    private static String pem(X509CertificateHolder certificate) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(certificate);
        }
        return text.toString();
    }
}
