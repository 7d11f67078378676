package io.j8s.apiserver.authentication.token;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// A public key that tokens are checked with.
///
/// @param id its name in tokens (`kid`)
public record VerifyingKey(String id, PublicKey key) {

    /// A key under the name that Kubernetes gives it: the SHA-256 digest of its encoding, in base64url.
    public static VerifyingKey of(PublicKey key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return new VerifyingKey(Base64.getUrlEncoder().withoutPadding().encodeToString(digest), key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Whether the token was signed with the partner of this key.
    public boolean verifies(Jwt token) {
        try {
            return Algorithms.fits(token.algorithm(), key) && Algorithms.verify(token.algorithm(), key, token.signed(), token.signature());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// The key as RFC 7517 writes it.
    public Map<String, Object> jwk() {
        Map<String, Object> jwk = new LinkedHashMap<>();
        jwk.put("use", "sig");
        jwk.put("kty", key instanceof ECPublicKey ? "EC" : "RSA");
        jwk.put("kid", id);
        switch (key) {
            case ECPublicKey curve -> {
                int bits = curve.getParams().getOrder().bitLength();
                jwk.put("crv", "P-" + bits);
                jwk.put("alg", Algorithms.signing(curve));
                jwk.put("x", number(curve.getW().getAffineX(), (bits + 7) / 8));
                jwk.put("y", number(curve.getW().getAffineY(), (bits + 7) / 8));
            }
            case RSAPublicKey rsa -> {
                jwk.put("alg", "RS256");
                jwk.put("n", number(rsa.getModulus(), 0));
                jwk.put("e", number(rsa.getPublicExponent(), 0));
            }
            default -> throw new IllegalArgumentException("a key of the kind " + key.getAlgorithm() + " cannot sign tokens; use RSA or EC");
        }
        return jwk;
    }

    private static String number(BigInteger value, int bytes) {
        byte[] raw = value.toByteArray();
        int start = raw.length > 1 && raw[0] == 0 ? 1 : 0;
        byte[] bare = Arrays.copyOfRange(raw, start, raw.length);
        byte[] padded = new byte[Math.max(bytes, bare.length)];
        System.arraycopy(bare, 0, padded, padded.length - bare.length, bare.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(padded);
    }
}
