package io.j8s.cluster.pki;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Text form of certificates and keys (RFC 7468), with the JDK alone.
final class Pem {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private Pem() {}

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

    /// @param source for messages: the file
    static List<X509Certificate> readCertificates(String text, String source) {
        try {
            List<X509Certificate> chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
                    .stream().map(X509Certificate.class::cast).toList();
            if (chain.isEmpty()) {
                throw new PkiException(source + ": holds no certificate; delete it to have a new one made, or put a PEM certificate there");
            }
            return chain;
        } catch (GeneralSecurityException e) {
            throw new PkiException(source + ": is not a PEM certificate (" + e.getMessage() + "); delete it to have a new one made", e);
        }
    }

    /// Reads a key in PKCS #8 (`PRIVATE KEY`), the older forms of RSA (PKCS #1) and EC (SEC 1) being wrapped first.
    static PrivateKey readPrivateKey(String text, String source) {
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            byte[] bytes = Base64.getMimeDecoder().decode(block.group(2));
            switch (block.group(1)) {
                case "PRIVATE KEY" -> {
                    return key(bytes, source);
                }
                case "RSA PRIVATE KEY" -> {
                    return key(Der.wrapRsa(bytes), source);
                }
                case "EC PRIVATE KEY" -> {
                    return key(Der.wrapEc(bytes, source), source);
                }
                default -> { } // parameters before the key
            }
        }
        throw new PkiException(source + ": holds no private key in PEM; put one there, or delete it with its certificate to have new ones made");
    }

    static PublicKey readPublicKey(String text, String source) {
        Matcher block = BLOCK.matcher(text);
        if (!block.find() || !block.group(1).equals("PUBLIC KEY")) {
            throw new PkiException(source + ": holds no public key in PEM");
        }
        byte[] bytes = Base64.getMimeDecoder().decode(block.group(2));
        return decode(source, algorithm -> KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(bytes)));
    }

    private static PrivateKey key(byte[] pkcs8, String source) {
        return decode(source, algorithm -> KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
    }

    private static <K extends Key> K decode(String source, Decoder<K> decoder) {
        GeneralSecurityException last = new GeneralSecurityException("no algorithm");
        for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
            try {
                return decoder.decode(algorithm);
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw new PkiException(source + ": its key is of a kind that is not known; EC, RSA and Ed25519 are", last);
    }

    @FunctionalInterface
    private interface Decoder<K> {
        K decode(String algorithm) throws GeneralSecurityException;
    }
}
