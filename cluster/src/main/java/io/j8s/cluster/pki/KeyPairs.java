package io.j8s.cluster.pki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import org.bouncycastle.jcajce.provider.asymmetric.util.EC5Util;

/// The public key that belongs to a private one.
public final class KeyPairs {
    private KeyPairs() {}

    /// @throws PkiException for other keys than RSA and elliptic curve ones
    public static KeyPair of(PrivateKey key) {
        try {
            return new KeyPair(partner(key), key);
        } catch (GeneralSecurityException e) {
            throw new PkiException("the public part of a " + key.getAlgorithm() + " key cannot be worked out: " + e.getMessage(), e);
        }
    }

    private static PublicKey partner(PrivateKey key) throws GeneralSecurityException {
        return switch (key) {
            case RSAPrivateCrtKey rsa -> KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
            case ECPrivateKey ec -> KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point(ec), ec.getParams()));
            default -> throw new GeneralSecurityException("use RSA or EC (P-256)");
        };
    }

    /// The curve's generator, as many times as the key says (SEC 1, 3.2.1).
    private static ECPoint point(ECPrivateKey key) {
        BigInteger times = key.getS();
        var point = EC5Util.convertSpec(key.getParams()).getG().multiply(times).normalize();
        return new ECPoint(point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger());
    }
}
