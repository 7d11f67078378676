package io.j8s.apiserver.resources.certificates;

import io.j8s.model.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Whether PEM texts hold what they should: a request for a certificate (PKCS#10, RFC 2986) with a right signature; certificates.
final class CertificateRequestText {

    private static final Pattern BLOCK = Pattern.compile("(?<![^\\n])-----BEGIN ([^\\n]*?)-----\\r?\\n(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final String PSS = "1.2.840.113549.1.1.10";
    private static final Map<String, String> KEYS = Map.of("1.2.840.113549.1.1.1", "RSA", "1.2.840.10045.2.1", "EC", "1.3.101.112", "Ed25519", PSS, "RSASSA-PSS");

    private CertificateRequestText() {}

    /// What is wrong with a request; null when nothing is.
    static @Nullable String problem(Bytes pem) {
        Matcher block = BLOCK.matcher(new String(pem.toArray(), StandardCharsets.ISO_8859_1));
        if (!block.find() || !block.group(1).equals("CERTIFICATE REQUEST")) {
            return "PEM block type must be CERTIFICATE REQUEST";
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(block.group(2));
            return isSigned(new Der(der)) ? null : "the signature is not the one of the request's key";
        } catch (GeneralSecurityException | IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return "the request cannot be read: " + e.getMessage();
        }
    }

    /// `SEQUENCE { info SEQUENCE { version, subject, key, … }, algorithm SEQUENCE { OID, parameters }, signature BIT STRING }`
    private static boolean isSigned(Der der) throws GeneralSecurityException, IOException {
        Der.Element request = der.at(0);
        Der.Element info = der.at(request.content());
        Der.Element algorithm = der.at(info.end());
        Der.Element signature = der.at(algorithm.end());
        Der.Element version = der.at(info.content());
        Der.Element subject = der.at(version.end());
        Der.Element key = der.at(subject.end());
        if (request.end() != der.length() || signature.end() != request.end()) {
            throw new IllegalArgumentException("its parts are not as long as they say");
        }
        Signature check = signature(der, algorithm);
        check.initVerify(publicKey(der, key));
        check.update(der.bytes(info.start(), info.end()));
        return check.verify(der.bytes(signature.content() + 1, signature.end()));
    }

    private static Signature signature(Der der, Der.Element algorithm) throws GeneralSecurityException, IOException {
        Der.Element name = der.at(algorithm.content());
        String oid = der.oid(name);
        if (!oid.equals(PSS)) {
            return Signature.getInstance(oid);
        }
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
        parameters.init(der.bytes(name.end(), algorithm.end()));
        Signature signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(parameters.getParameterSpec(PSSParameterSpec.class));
        return signature;
    }

    private static PublicKey publicKey(Der der, Der.Element key) throws GeneralSecurityException {
        String oid = der.oid(der.at(der.at(key.content()).content()));
        String name = KEYS.get(oid);
        if (name == null) {
            throw new IllegalArgumentException("its key is of the unknown kind " + oid);
        }
        return KeyFactory.getInstance(name).generatePublic(new X509EncodedKeySpec(der.bytes(key.start(), key.end())));
    }

    /// What is wrong with one or several certificates; null when nothing is, or there is no text at all.
    static @Nullable String certificateProblem(Bytes pem) {
        if (pem.length() == 0) {
            return null;
        }
        Matcher block = BLOCK.matcher(new String(pem.toArray(), StandardCharsets.ISO_8859_1));
        int count = 0;
        while (block.find()) {
            if (!block.group(1).equals("CERTIFICATE")) {
                return "only CERTIFICATE PEM blocks are allowed, found \"" + block.group(1) + "\"";
            }
            if (block.group(2).contains(":")) {
                return "no PEM block headers are permitted";
            }
            try {
                byte[] der = Base64.getMimeDecoder().decode(block.group(2));
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            } catch (CertificateException | IllegalArgumentException e) {
                return "x509: malformed certificate";
            }
            count++;
        }
        return count == 0 ? "must contain at least one CERTIFICATE PEM block" : null;
    }

    /// Bytes in ASN.1's distinguished encoding.
    private record Der(byte[] bytes) {

        /// @param start where its tag stands
        record Element(int start, int content, int end) {}

        int length() {
            return bytes.length;
        }

        Element at(int start) {
            int first = bytes[start + 1] & 0xFF;
            int content = start + 2;
            int length = first;
            if (first >= 0x80) {
                int count = first & 0x7F;
                if (count == 0 || count > 3) {
                    throw new IllegalArgumentException("the length at byte " + start + " is not allowed");
                }
                length = 0;
                for (int i = 0; i < count; i++) {
                    length = length << 8 | bytes[content++] & 0xFF;
                }
            }
            if (content + length > bytes.length) {
                throw new IllegalArgumentException("the element at byte " + start + " is longer than the text");
            }
            return new Element(start, content, content + length);
        }

        byte[] bytes(int from, int to) {
            return Arrays.copyOfRange(bytes, from, to);
        }

        String oid(Element element) {
            StringBuilder text = new StringBuilder();
            long value = 0;
            for (int i = element.content(); i < element.end(); i++) {
                value = value << 7 | bytes[i] & 0x7F;
                if (bytes[i] >= 0) {
                    long first = Math.min(value / 40, 2);
                    text.append(text.isEmpty() ? first + "." + (value - 40 * first) : "." + value);
                    value = 0;
                }
            }
            return text.toString();
        }
    }
}
