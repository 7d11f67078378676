package io.j8s.apiserver.authentication.serviceaccount;

import io.j8s.apiserver.authentication.token.SigningKey;
import io.j8s.apiserver.authentication.token.VerifyingKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// With what, and in whose name, tokens of service accounts are made and checked.
///
/// @param signing null: no tokens are issued
/// @param verifying the keys of tokens that are accepted
/// @param issuers the first is that of new tokens; tokens of all are accepted
/// @param audiences those of the API server (`--api-audiences`), given to tokens that ask for none
/// @param longest the longest life of a token; zero: no limit
/// @param extend whether tokens of pods live a year although an hour was asked for (`--service-account-extend-token-expiration`)
/// @param jwksUri where the keys can be fetched from; empty: at the server's own address
public record ServiceAccountKeys(
        @Nullable SigningKey signing, List<VerifyingKey> verifying, List<String> issuers, List<String> audiences, Duration longest, boolean extend, String jwksUri) {

    public static final String DEFAULT_ISSUER = "https://kubernetes.default.svc";

    public ServiceAccountKeys {
        verifying = List.copyOf(verifying);
        issuers = List.copyOf(issuers);
        audiences = audiences.isEmpty() ? issuers : List.copyOf(audiences);
        if (issuers.isEmpty()) {
            throw new IllegalArgumentException("tokens of service accounts need at least one issuer");
        }
    }

    /// One pair of keys for signing and checking.
    public static ServiceAccountKeys of(PrivateKey privateKey, PublicKey publicKey, String issuer) {
        VerifyingKey verifying = VerifyingKey.of(publicKey);
        return new ServiceAccountKeys(new SigningKey(verifying.id(), privateKey), List.of(verifying), List.of(issuer), List.of(), Duration.ZERO, true, "");
    }

    /// A private key with the public keys that tokens are checked by (`--service-account-key-file`), among which its own partner is added if it is missing. An RSA key's
    /// partner follows from it; an EC key's must be among them.
    public static ServiceAccountKeys of(PrivateKey privateKey, List<PublicKey> publicKeys, List<String> issuers, List<String> audiences, Duration longest, boolean extend, String jwksUri) {
        List<VerifyingKey> verifying = new ArrayList<>(publicKeys.stream().map(VerifyingKey::of).toList());
        VerifyingKey own = VerifyingKey.of(partner(privateKey, publicKeys));
        if (!verifying.contains(own)) {
            verifying.add(own);
        }
        return new ServiceAccountKeys(new SigningKey(own.id(), privateKey), verifying, issuers, audiences, longest, extend, jwksUri);
    }

    /// The public key that follows from a private one; only RSA keys hold it.
    public static Optional<PublicKey> publicPart(PrivateKey key) {
        if (!(key instanceof RSAPrivateCrtKey rsa)) {
            return Optional.empty();
        }
        try {
            return Optional.of(KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent())));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the public part of the service accounts' signing key cannot be worked out: " + e.getMessage(), e);
        }
    }

    private static PublicKey partner(PrivateKey key, List<PublicKey> candidates) {
        Optional<PublicKey> own = publicPart(key);
        if (own.isPresent()) {
            return own.get();
        }
        SigningKey signing = new SigningKey("probe", key);
        for (PublicKey candidate : candidates) {
            if (key instanceof ECPrivateKey && candidate instanceof ECPublicKey && matches(signing, candidate)) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("none of the " + candidates.size() + " public keys for service accounts belongs to their signing key; add its public key");
    }

    private static boolean matches(SigningKey signing, PublicKey candidate) {
        try {
            return new VerifyingKey("probe", candidate).verifies(io.j8s.apiserver.authentication.token.Jwt.parse(signing.sign(java.util.Map.of())));
        } catch (io.j8s.apiserver.authentication.token.JwtException e) {
            return false;
        }
    }

    public String issuer() {
        return issuers.getFirst();
    }
}
