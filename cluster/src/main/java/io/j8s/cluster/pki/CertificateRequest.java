package io.j8s.cluster.pki;

import java.math.BigInteger;
import java.security.KeyPair;
import java.util.Base64;
import org.apache.kerby.asn1.type.Asn1Sequence;

/// A key of one's own and the request to have it certified (PKCS #10, RFC 2986).
///
/// @param pem the request
public record CertificateRequest(KeyPair keys, String pem) {
    private static final String EXTENSION_REQUEST = "1.2.840.113549.1.9.14";

    /// A new key, and the request for a certificate that says this.
    public static CertificateRequest of(CertificateOrder order) {
        KeyPair keys = Issuer.newKeys();
        Asn1Sequence attributes = new Asn1Sequence();
        if (!order.dnsNames().isEmpty() || !order.addresses().isEmpty()) {
            Asn1Sequence extensions = Der.sequence(Der.extension(Issuer.SUBJECT_ALTERNATIVE_NAME, false, Der.alternativeNames(order)));
            attributes.addItem(Der.sequence(Der.identifier(EXTENSION_REQUEST), Der.set(extensions)));
        }
        Asn1Sequence content = Der.sequence(Der.integer(BigInteger.ZERO), Der.name(order), Der.encoded(keys.getPublic().getEncoded()), Der.implicit(0, attributes));
        byte[] encoded = Der.signed(content, keys.getPrivate());
        return new CertificateRequest(keys, "-----BEGIN CERTIFICATE REQUEST-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded) + "\n-----END CERTIFICATE REQUEST-----\n");
    }

    /// The key as PEM text.
    public String keyPem() {
        return PemText.privateKey(keys.getPrivate(), keys.getPublic());
    }
}
