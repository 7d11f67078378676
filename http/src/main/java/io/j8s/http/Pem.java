package io.j8s.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads certificates and private keys from PEM (RFC 7468): keys as PKCS#8, PKCS#1 (`RSA PRIVATE KEY`) or SEC1 (`EC PRIVATE KEY`), unencrypted.
/// Every fault is an [IllegalArgumentException] that says what was found.
public final class Pem {

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    private static final byte[] RSA_ALGORITHM = bytes(0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00);
    private static final byte[] EC_PUBLIC_KEY = bytes(0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01);
    private static final byte[] VERSION_0 = bytes(0x02, 0x01, 0x00);

    private Pem() {}

    /// All certificates of the text, in order; at least one.
    public static List<X509Certificate> certificates(String pem) {
        List<X509Certificate> found = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(pem);
        while (blocks.find()) {
            if (blocks.group(1).equals("CERTIFICATE") || blocks.group(1).equals("TRUSTED CERTIFICATE") || blocks.group(1).equals("X509 CERTIFICATE")) {
                found.add(certificate(decoded(blocks)));
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no CERTIFICATE block in the PEM text of " + pem.length() + " characters");
        }
        return List.copyOf(found);
    }

    /// The first private key of the text.
    public static PrivateKey privateKey(String pem) {
        Matcher blocks = BLOCK.matcher(pem);
        while (blocks.find()) {
            byte[] der = decodedKey(blocks);
            switch (blocks.group(1)) {
                case "PRIVATE KEY" -> {
                    return fromPkcs8(der);
                }
                case "RSA PRIVATE KEY" -> {
                    return fromPkcs8(sequence(VERSION_0, RSA_ALGORITHM, element(0x04, der)));
                }
                case "EC PRIVATE KEY" -> {
                    return fromPkcs8(sequence(VERSION_0, sequence(EC_PUBLIC_KEY, curveOf(der)), element(0x04, der)));
                }
                case "ENCRYPTED PRIVATE KEY" -> throw new IllegalArgumentException("the private key is encrypted; decrypt it first (openssl pkey)");
                default -> { } // certificates and parameters may stand in the same file
            }
        }
        throw new IllegalArgumentException("no PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY block in the PEM text of " + pem.length() + " characters");
    }

    private static X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("a CERTIFICATE block holds no X.509 certificate: " + e.getMessage(), e);
        }
    }

    private static byte[] decodedKey(Matcher block) {
        if (block.group(2).contains("Proc-Type")) {
            throw new IllegalArgumentException("the private key is encrypted; decrypt it first (openssl pkey)");
        }
        return decoded(block);
    }

    private static byte[] decoded(Matcher block) {
        try {
            return Base64.getMimeDecoder().decode(block.group(2).strip().getBytes(StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the " + block.group(1) + " block is not base64: " + e.getMessage(), e);
        }
    }

    /// PKCS#8 names its algorithm, but the JDK wants to be told: the few there are get tried.
    private static PrivateKey fromPkcs8(byte[] der) {
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                // of another kind
            }
        }
        throw new IllegalArgumentException("the private key is neither RSA, EC nor Ed25519");
    }

    /// SEC1 (RFC 5915): SEQUENCE { version, OCTET STRING key, [0] curve, [1] public key }.
    private static byte[] curveOf(byte[] sec1) {
        int at = skipHeader(sec1, 0);
        while (at < sec1.length) {
            int content = skipHeader(sec1, at);
            int end = content + length(sec1, at);
            if ((sec1[at] & 0xff) == 0xa0) {
                return java.util.Arrays.copyOfRange(sec1, content, end);
            }
            at = end;
        }
        throw new IllegalArgumentException("the EC PRIVATE KEY does not name its curve; write it with named parameters");
    }

    private static int skipHeader(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = length << 8 | der[at + 2 + i] & 0xff;
        }
        return length;
    }

    private static byte[] sequence(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return element(0x30, all.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int bytes = (39 - Integer.numberOfLeadingZeros(content.length)) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(content.length >>> (8 * i));
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
