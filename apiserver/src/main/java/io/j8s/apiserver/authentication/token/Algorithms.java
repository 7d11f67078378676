package io.j8s.apiserver.authentication.token;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;

/// The signature algorithms of tokens (RFC 7518), by key: never those that need no key or a shared one.
final class Algorithms {

    private static final List<String> OF_RSA = List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");

    private Algorithms() {}

    /// The algorithm with which a key signs.
    static String signing(Key key) {
        return key instanceof ECKey curve ? ofCurve(curve) : "RS256";
    }

    private static String ofCurve(ECKey key) {
        int bits = key.getParams().getOrder().bitLength();
        return bits <= 256 ? "ES256" : bits <= 384 ? "ES384" : "ES512";
    }

    /// Whether a signature of this algorithm can be made with the partner of this key.
    static boolean fits(String algorithm, PublicKey key) {
        return key instanceof ECKey curve ? algorithm.equals(ofCurve(curve)) : key instanceof RSAKey && OF_RSA.contains(algorithm);
    }

    static boolean verify(String algorithm, PublicKey key, byte[] signed, byte[] signature) throws GeneralSecurityException {
        Signature check = signature(algorithm);
        check.initVerify(key);
        check.update(signed);
        return check.verify(signature);
    }

    static byte[] sign(String algorithm, PrivateKey key, byte[] bytes) throws GeneralSecurityException {
        Signature signature = signature(algorithm);
        signature.initSign(key);
        signature.update(bytes);
        return signature.sign();
    }

    private static Signature signature(String algorithm) throws GeneralSecurityException {
        String bits = algorithm.substring(2);
        String digest = "SHA" + bits;
        return switch (algorithm.substring(0, 2)) {
            case "RS" -> Signature.getInstance(digest + "withRSA");
            case "ES" -> Signature.getInstance(digest + "withECDSAinP1363Format");
            case "PS" -> {
                Signature pss = Signature.getInstance("RSASSA-PSS");
                String name = "SHA-" + bits;
                pss.setParameter(new PSSParameterSpec(name, "MGF1", new MGF1ParameterSpec(name), Integer.parseInt(bits) / 8, 1));
                yield pss;
            }
            default -> throw new GeneralSecurityException("the algorithm " + algorithm + " is not supported");
        };
    }
}
