package io.j8s.cluster.pki;

import io.j8s.http.Pem;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Writes certificates and keys as text (RFC 7468), and reads public keys; certificates and private keys are read by [io.j8s.http.Pem].
public final class PemText {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});
    private static final Pattern PUBLIC_KEY = Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");

    private static final int P256_BITS = 256;
    private static final int P256_BYTES = 32;
    private static final int POINT_BYTES = 65;
    /// SEQUENCE { INTEGER 1, OCTET STRING key, [0] prime256v1, [1] BIT STRING point }
    private static final byte[] SEC1_HEAD = HexFormat.of().parseHex("30770201010420");
    private static final byte[] SEC1_MIDDLE = HexFormat.of().parseHex("a00a06082a8648ce3d030107a144034200");

    private PemText() {}

    public static String certificates(List<X509Certificate> chain) {
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

    /// EC keys in the form of SEC 1 (RFC 5915), as kubeadm writes them: not every client library reads them in PKCS #8, the form of all others.
    static String privateKey(PrivateKey key, PublicKey publicKey) {
        if (key instanceof ECPrivateKey ec && ec.getParams().getOrder().bitLength() == P256_BITS) {
            byte[] s = new byte[P256_BYTES];
            byte[] number = ec.getS().toByteArray();
            int length = Math.min(number.length, P256_BYTES);
            System.arraycopy(number, number.length - length, s, P256_BYTES - length, length);
            byte[] spki = publicKey.getEncoded();
            ByteBuffer sec1 = ByteBuffer.allocate(SEC1_HEAD.length + P256_BYTES + SEC1_MIDDLE.length + POINT_BYTES);
            sec1.put(SEC1_HEAD).put(s).put(SEC1_MIDDLE).put(spki, spki.length - POINT_BYTES, POINT_BYTES);
            return block("EC PRIVATE KEY", sec1.array());
        }
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
            if (text.contains("-----BEGIN CERTIFICATE-----")) {
                return Pem.certificates(text).getFirst().getPublicKey();
            }
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
