package io.j8s.apiserver.resources.core;

import io.j8s.model.Bytes;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Whether PEM texts hold a certificate and its private key, in the words of upstream's warnings.
final class KeyPairText {

    private static final Pattern BLOCK = Pattern.compile("(?<![^\\n])-----BEGIN ([^\\n]*?)-----\\r?\\n(.*?)-----END \\1-----", Pattern.DOTALL);

    private KeyPairText() {}

    private record Block(String type, String text) {
        byte[] bytes() {
            return Base64.getMimeDecoder().decode(text);
        }
    }

    /// What is wrong with a certificate (chain) and its key; null when nothing is, as far as is looked.
    static @Nullable String problem(@Nullable Bytes certificate, @Nullable Bytes key) {
        List<Block> certificates = blocks(certificate);
        List<Block> keys = blocks(key);
        Block first = certificates.stream().filter(block -> block.type.equals("CERTIFICATE")).findFirst().orElse(null);
        Block own = keys.stream().filter(block -> block.type.equals("PRIVATE KEY") || block.type.endsWith(" PRIVATE KEY")).findFirst().orElse(null);
        if (first == null) {
            return missing(certificates, "\"CERTIFICATE\" PEM block in certificate input", "certificate");
        }
        if (own == null) {
            return missing(keys, "PEM block with type ending in \"PRIVATE KEY\" in key input", "key");
        }
        try {
            PublicKey shown = CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(first.bytes())).getPublicKey();
            return own.type.equals("PRIVATE KEY") && !fits(shown, own.bytes()) ? "tls: private key does not match public key" : null;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return "x509: malformed certificate";
        }
    }

    private static String missing(List<Block> found, String what, String input) {
        return found.isEmpty()
                ? "tls: failed to find any PEM data in " + input + " input"
                : "tls: failed to find " + what + " after skipping PEM blocks of the following types: " + found.stream().map(Block::type).toList().toString().replace(",", "");
    }

    private static boolean fits(PublicKey shown, byte[] key) {
        try {
            PrivateKey own = KeyFactory.getInstance(shown.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(key));
            return !(own instanceof RSAKey mine && shown instanceof RSAKey theirs) || mine.getModulus().equals(theirs.getModulus());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static List<Block> blocks(@Nullable Bytes text) {
        List<Block> blocks = new ArrayList<>();
        if (text != null) {
            Matcher match = BLOCK.matcher(new String(text.toArray(), StandardCharsets.ISO_8859_1));
            while (match.find()) {
                blocks.add(new Block(match.group(1), match.group(2)));
            }
        }
        return blocks;
    }
}
