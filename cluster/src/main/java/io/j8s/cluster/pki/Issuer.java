package io.j8s.cluster.pki;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.kerby.asn1.type.Asn1BitString;
import org.apache.kerby.asn1.type.Asn1Boolean;
import org.apache.kerby.asn1.type.Asn1OctetString;
import org.apache.kerby.asn1.type.Asn1Sequence;
import org.apache.kerby.asn1.type.Asn1Type;

/// Makes keys (EC P-256) and certificates (X.509 v3, RFC 5280). Holds no state; any thread.
final class Issuer {
    private static final SecureRandom RANDOM = new SecureRandom();
    /// Clocks of other hosts may be a little behind.
    private static final Duration BACKDATED = Duration.ofMinutes(5);

    private static final BigInteger VERSION_3 = BigInteger.TWO;
    private static final int SERIAL_BITS = 63;

    /// Of OCTET STRING { OCTET STRING identifier }.
    private static final int HEADERS = 4;

    static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    private static final String KEY_USAGE = "2.5.29.15";
    static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

    private static final int DIGITAL_SIGNATURE = 0x80;
    private static final int KEY_ENCIPHERMENT = 0x20;
    private static final int KEY_CERT_SIGN = 0x04;

    private Issuer() {}

    static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new PkiException("this JDK cannot make EC P-256 keys: use a complete one", e);
        }
    }

    static Credential authority(String commonName, Instant now, Duration life) {
        return authority(commonName, newKeys(), now, life);
    }

    static Credential authority(String commonName, KeyPair keys, Instant now, Duration life) {
        Asn1Sequence name = Der.name(commonName);
        Asn1Sequence extensions = Der.sequence(
                Der.extension(BASIC_CONSTRAINTS, true, Der.sequence(new Asn1Boolean(true))),
                Der.extension(KEY_USAGE, true, keyUsage(DIGITAL_SIGNATURE | KEY_ENCIPHERMENT | KEY_CERT_SIGN)),
                Der.extension(SUBJECT_KEY_IDENTIFIER, false, new Asn1OctetString(keyIdentifier(keys.getPublic()))),
                Der.extension(SUBJECT_ALTERNATIVE_NAME, false, Der.sequence(Der.dnsName(commonName))));
        return new Credential(List.of(certificate(name, keys, now.plus(life), name, keys.getPublic(), now, extensions)), keys.getPrivate());
    }

    static Credential leaf(Credential authority, CertificateOrder order, Instant now, Duration life) {
        KeyPair keys = newKeys();
        X509Certificate issuer = authority.certificate();
        Asn1Sequence extensions = Der.sequence(
                Der.extension(BASIC_CONSTRAINTS, true, Der.sequence()),
                Der.extension(KEY_USAGE, true, keyUsage(DIGITAL_SIGNATURE | KEY_ENCIPHERMENT)),
                Der.extension(EXTENDED_KEY_USAGE, false, purposes(order)),
                Der.extension(AUTHORITY_KEY_IDENTIFIER, false, Der.sequence(Der.implicit(0, new Asn1OctetString(keyIdentifier(issuer))))));
        if (!order.dnsNames().isEmpty() || !order.addresses().isEmpty()) {
            extensions.addItem(Der.extension(SUBJECT_ALTERNATIVE_NAME, false, Der.alternativeNames(order)));
        }
        Instant end = now.plus(life);
        Instant authorityEnd = issuer.getNotAfter().toInstant();
        return new Credential(List.of(certificate(Der.encoded(issuer.getSubjectX500Principal().getEncoded()), new KeyPair(issuer.getPublicKey(), authority.key()),
                end.isBefore(authorityEnd) ? end : authorityEnd, Der.name(order), keys.getPublic(), now, extensions)), keys.getPrivate());
    }

    private static X509Certificate certificate(Asn1Type issuer, KeyPair authority, Instant end, Asn1Type subject, PublicKey key, Instant now, Asn1Sequence extensions) {
        Asn1Sequence content = Der.sequence(
                Der.explicit(0, Der.integer(VERSION_3)),
                Der.integer(new BigInteger(SERIAL_BITS, RANDOM).add(BigInteger.ONE)),
                Der.algorithm(authority.getPrivate()),
                issuer,
                Der.sequence(Der.time(now.minus(BACKDATED)), Der.time(end)),
                subject,
                Der.encoded(key.getEncoded()),
                Der.explicit(3, extensions));
        try {
            byte[] encoded = Der.signed(content, authority.getPrivate());
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (CertificateException e) {
            throw new PkiException("a certificate cannot be made", e);
        }
    }

    private static Asn1BitString keyUsage(int bits) {
        return new Asn1BitString(new byte[] {(byte) bits}, Integer.numberOfTrailingZeros(bits));
    }

    private static Asn1Sequence purposes(CertificateOrder order) {
        Asn1Sequence purposes = new Asn1Sequence();
        if (order.server()) {
            purposes.addItem(Der.identifier(SERVER_AUTHENTICATION));
        }
        if (order.client()) {
            purposes.addItem(Der.identifier(CLIENT_AUTHENTICATION));
        }
        return purposes;
    }

    /// How an authority's certificate names its key. Others than ours make this name in ways of their own (Go takes SHA-256 by now), and what they sign must repeat it.
    static byte[] keyIdentifier(X509Certificate authority) {
        byte[] said = authority.getExtensionValue(SUBJECT_KEY_IDENTIFIER);
        return said == null ? keyIdentifier(authority.getPublicKey()) : Arrays.copyOfRange(said, HEADERS, said.length);
    }

    /// SHA-1 of the key's bits (RFC 5280, 4.2.1.2, first method): a name for it, not a proof of anything.
    private static byte[] keyIdentifier(PublicKey key) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(Der.keyBits(key));
        } catch (GeneralSecurityException e) {
            throw new PkiException("this JDK lacks SHA-1: use a complete one", e);
        }
    }
}
