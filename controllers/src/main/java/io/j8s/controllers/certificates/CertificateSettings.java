package io.j8s.controllers.certificates;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// @param authorities who signs for a signer, by its name (`--cluster-signing-SIGNER-cert-file` and `-key-file`); for one that is missing nothing is signed
/// @param duration the longest life of a certificate (`--cluster-signing-duration`)
public record CertificateSettings(Map<String, Authority> authorities, Duration duration) {
    public static final CertificateSettings DEFAULT = new CertificateSettings(Map.of(), Duration.ofDays(365));

    /// A certificate that signs, and its key.
    public record Authority(X509Certificate certificate, PrivateKey key) {}

    public CertificateSettings {
        authorities = Map.copyOf(authorities);
    }

    /// One for all signers (`--cluster-signing-cert-file`, `--cluster-signing-key-file`).
    public CertificateSettings(X509Certificate authority, PrivateKey key, Duration duration) {
        this(Map.of(SigningRequest.KUBE_CLIENT, new Authority(authority, key), SigningRequest.NODE_CLIENT, new Authority(authority, key), SigningRequest.NODE_SERVING, new Authority(authority, key),
                SigningRequest.LEGACY, new Authority(authority, key)), duration);
    }

    @Nullable Authority authority(String signer) {
        return authorities.get(signer);
    }
}
