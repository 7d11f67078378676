package io.j8s.cluster.pki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Makes keys (EC P-256) and certificates (X.509 v3, RFC 5280). Holds no state; any thread.
final class Issuer {
    private static final SecureRandom RANDOM = new SecureRandom();
    /// Clocks of other hosts may be a little behind.
    private static final Duration BACKDATED = Duration.ofMinutes(5);

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
        KeyPair keys = newKeys();
        X500Name name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name, serial(), Date.from(now.minus(BACKDATED)), Date.from(now.plus(life)), name, keys.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment | KeyUsage.keyCertSign));
            builder.addExtension(Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(GeneralName.dNSName, commonName)));
        } catch (CertIOException | GeneralSecurityException e) {
            throw new PkiException("the certificate of authority " + commonName + " cannot be made", e);
        }
        return new Credential(List.of(sign(builder, keys)), keys.getPrivate());
    }

    static Credential leaf(Credential authority, CertificateOrder order, Instant now, Duration life) {
        KeyPair keys = newKeys();
        return new Credential(List.of(certify(authority, order, keys.getPublic(), now, life)), keys.getPrivate());
    }

    private static X509Certificate certify(Credential authority, CertificateOrder order, PublicKey key, Instant now, Duration life) {
        X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
        order.organizations().forEach(group -> subject.addRDN(BCStyle.O, group));
        subject.addRDN(BCStyle.CN, order.commonName());
        Instant end = now.plus(life);
        Instant authorityEnd = authority.certificate().getNotAfter().toInstant();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                authority.certificate(), serial(), Date.from(now.minus(BACKDATED)), Date.from(end.isBefore(authorityEnd) ? end : authorityEnd),
                new javax.security.auth.x500.X500Principal(encoded(subject.build())), key);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes(order)));
            builder.addExtension(Extension.authorityKeyIdentifier, false, new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority.certificate()));
            GeneralName[] names = names(order);
            if (names.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
        } catch (CertIOException | GeneralSecurityException e) {
            throw new PkiException("the certificate of " + order.commonName() + " cannot be made", e);
        }
        return sign(builder, new KeyPair(authority.certificate().getPublicKey(), authority.key()));
    }

    private static byte[] encoded(X500Name name) {
        try {
            return name.getEncoded();
        } catch (java.io.IOException e) {
            throw new PkiException("the name " + name + " cannot be encoded", e);
        }
    }

    private static KeyPurposeId[] purposes(CertificateOrder order) {
        List<KeyPurposeId> purposes = new ArrayList<>();
        if (order.server()) {
            purposes.add(KeyPurposeId.id_kp_serverAuth);
        }
        if (order.client()) {
            purposes.add(KeyPurposeId.id_kp_clientAuth);
        }
        return purposes.toArray(KeyPurposeId[]::new);
    }

    private static GeneralName[] names(CertificateOrder order) {
        List<GeneralName> names = new ArrayList<>();
        order.dnsNames().stream().sorted().forEach(n -> names.add(new GeneralName(GeneralName.dNSName, n)));
        order.addresses().stream().map(java.net.InetAddress::getHostAddress).sorted().forEach(a -> names.add(new GeneralName(GeneralName.iPAddress, a)));
        return names.toArray(GeneralName[]::new);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair authority) {
        String algorithm = authority.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            return new JcaX509CertificateConverter().getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(authority.getPrivate())));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new PkiException("a certificate cannot be signed with " + algorithm, e);
        }
    }

    private static BigInteger serial() {
        return new BigInteger(63, RANDOM).add(BigInteger.ONE);
    }
}
