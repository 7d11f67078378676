package io.j8s.controllers.serviceaccount;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;

/// Signs JSON Web Tokens (RFC 7519) with an RSA key (RS256) or an elliptic curve key (ES256 on P-256). Safe for any thread.
public final class TokenSigner {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final PrivateKey key;
    private final String header;
    private final String algorithm;

    /// @throws IllegalArgumentException for other kinds of keys
    public TokenSigner(PrivateKey key, PublicKey publicKey) {
        this.key = key;
        String name = switch (key.getAlgorithm()) {
            case "RSA" -> "RS256";
            case "EC" -> "ES256";
            default -> throw new IllegalArgumentException("service account tokens cannot be signed with a key of type " + key.getAlgorithm() + ": use RSA or EC (P-256)");
        };
        this.algorithm = name.equals("RS256") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format";
        this.header = encode("{\"alg\":\"" + name + "\",\"kid\":\"" + keyId(publicKey) + "\"}");
    }

    /// The key's name in tokens: the same as upstream's, so that its servers find the key.
    static String keyId(PublicKey publicKey) {
        try {
            return BASE64.encodeToString(MessageDigest.getInstance("SHA-256").digest(publicKey.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /// @param claims a JSON object
    public String sign(String claims) {
        try {
            String signed = header + "." + encode(claims);
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a service account token could not be signed with the " + key.getAlgorithm() + " key", e);
        }
    }

    private static String encode(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
