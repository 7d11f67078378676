package io.j8s.controllers.certificates;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// @param authority the authority that signs (`--cluster-signing-cert-file`); null: nothing is signed
/// @param key its key (`--cluster-signing-key-file`)
/// @param duration the longest life of a certificate (`--cluster-signing-duration`)
public record CertificateSettings(@Nullable X509Certificate authority, @Nullable PrivateKey key, Duration duration) {
    public static final CertificateSettings DEFAULT = new CertificateSettings(null, null, Duration.ofDays(365));
}
