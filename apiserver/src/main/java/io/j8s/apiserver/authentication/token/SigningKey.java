package io.j8s.apiserver.authentication.token;

import io.j8s.model.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// A private key that tokens are signed with.
///
/// @param id its name in tokens
public record SigningKey(String id, PrivateKey key) {

    /// The token with these claims, signed, in compact form.
    public String sign(Map<String, Object> claims) {
        String algorithm = Algorithms.signing(key);
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", algorithm);
        header.put("kid", id);
        String signed = encoded(header) + "." + encoded(claims);
        try {
            byte[] signature = Algorithms.sign(algorithm, key, signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key \"" + id + "\" cannot sign tokens: " + e.getMessage(), e);
        }
    }

    private static String encoded(Map<String, Object> part) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.writePlain(part));
    }
}
