package io.j8s.cluster.pki;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Writes certificates and keys as text (RFC 7468), and reads public keys; certificates and private keys are read by [io.j8s.http.Pem].
public final class PemText {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});
    private static final Pattern PUBLIC_KEY = Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");

    private PemText() {}

    static String certificates(List<X509Certificate> chain) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : chain) {
            try {
                text.append(block("CERTIFICATE", certificate.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new PkiException("the certificate of " + certificate.getSubjectX500Principal() + " cannot be encoded", e);
            }
        }
        return text.toString();
    }

    static String privateKey(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    static String publicKey(PublicKey key) {
        return block("PUBLIC KEY", key.getEncoded());
    }

    private static String block(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(bytes) + "\n-----END " + label + "-----\n";
    }

    /// The first public key of a text.
    ///
    /// @param source for messages: the file
    public static PublicKey readPublicKey(String text, String source) {
        Matcher block = PUBLIC_KEY.matcher(text);
        if (!block.find()) {
            throw new PkiException(source + ": holds no public key in PEM (BEGIN PUBLIC KEY)");
        }
        X509EncodedKeySpec key = new X509EncodedKeySpec(Base64.getMimeDecoder().decode(block.group(1)));
        GeneralSecurityException last = new GeneralSecurityException("no algorithm");
        for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(key);
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw new PkiException(source + ": its key is of a kind that is not known; EC, RSA and Ed25519 are", last);
    }
}
