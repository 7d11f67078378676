package io.j8s.apiserver.authentication.token;

import io.j8s.model.Json;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Reads sets of public keys as RFC 7517 writes them.
public final class JsonWebKeys {

    private JsonWebKeys() {}

    /// The keys of a set that signatures can be checked with; kinds that are not known are left out.
    ///
    /// @throws IllegalArgumentException when it is no such set
    public static List<VerifyingKey> read(byte[] json) {
        if (!(Json.readPlain(json) instanceof Map<?, ?> set) || !(set.get("keys") instanceof List<?> keys)) {
            throw new IllegalArgumentException("is no JSON Web Key Set: it has no list \"keys\"");
        }
        List<VerifyingKey> read = new ArrayList<>();
        for (Object one : keys) {
            if (one instanceof Map<?, ?> jwk && (jwk.get("use") == null || "sig".equals(jwk.get("use")))) {
                add(jwk, read);
            }
        }
        return read;
    }

    private static void add(Map<?, ?> jwk, List<VerifyingKey> read) {
        String id = jwk.get("kid") instanceof String text ? text : "";
        try {
            switch (String.valueOf(jwk.get("kty"))) {
                case "RSA" -> read.add(new VerifyingKey(id, rsa(jwk)));
                case "EC" -> read.add(new VerifyingKey(id, curve(jwk)));
                default -> { }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key \"" + id + "\" cannot be used: " + e.getMessage(), e);
        }
    }

    private static PublicKey rsa(Map<?, ?> jwk) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
    }

    private static PublicKey curve(Map<?, ?> jwk) throws GeneralSecurityException {
        String name = switch (String.valueOf(jwk.get("crv"))) {
            case "P-256" -> "secp256r1";
            case "P-384" -> "secp384r1";
            case "P-521" -> "secp521r1";
            default -> throw new GeneralSecurityException("the curve " + jwk.get("crv") + " is not one of P-256, P-384, P-521");
        };
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(name));
        ECPoint point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger number(Map<?, ?> jwk, String name) throws GeneralSecurityException {
        if (!(jwk.get(name) instanceof String text)) {
            throw new GeneralSecurityException("\"" + name + "\" is missing");
        }
        return new BigInteger(1, Base64.getUrlDecoder().decode(text));
    }
}
