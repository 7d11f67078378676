package io.j8s.cluster.command;

import io.j8s.cluster.host.Failure;
import io.j8s.controllers.certificates.CertificateSettings;
import io.j8s.controllers.certificates.CertificateSettings.Authority;
import io.j8s.http.Pem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Who signs certificates that are asked for: one authority for all signers, or one for each.
final class SigningOptions {
    private static final String CLIENT = "kubernetes.io/kube-apiserver-client";
    private static final String KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
    private static final String KUBELET_SERVING = "kubernetes.io/kubelet-serving";
    private static final String LEGACY = "kubernetes.io/legacy-unknown";

    @Option(names = "--cluster-signing-cert-file", paramLabel = "FILE", description = "The authority that signs for all signers.")
    private @Nullable Path certificate;
    @Option(names = "--cluster-signing-key-file", paramLabel = "FILE", description = "Its key.")
    private @Nullable Path key;
    @Option(names = "--cluster-signing-duration", paramLabel = "DURATION", converter = GoDuration.class, defaultValue = "8760h", description = "The longest life of a certificate (default: ${DEFAULT-VALUE}).")
    private Duration duration = CertificateSettings.DEFAULT.duration();
    @Option(names = "--cluster-signing-kube-apiserver-client-cert-file", paramLabel = "FILE", description = "The authority for " + CLIENT + ".")
    private @Nullable Path clientCertificate;
    @Option(names = "--cluster-signing-kube-apiserver-client-key-file", paramLabel = "FILE", description = "Its key.")
    private @Nullable Path clientKey;
    @Option(names = "--cluster-signing-kubelet-client-cert-file", paramLabel = "FILE", description = "The authority for " + KUBELET_CLIENT + ".")
    private @Nullable Path kubeletClientCertificate;
    @Option(names = "--cluster-signing-kubelet-client-key-file", paramLabel = "FILE", description = "Its key.")
    private @Nullable Path kubeletClientKey;
    @Option(names = "--cluster-signing-kubelet-serving-cert-file", paramLabel = "FILE", description = "The authority for " + KUBELET_SERVING + ".")
    private @Nullable Path kubeletServingCertificate;
    @Option(names = "--cluster-signing-kubelet-serving-key-file", paramLabel = "FILE", description = "Its key.")
    private @Nullable Path kubeletServingKey;
    @Option(names = "--cluster-signing-legacy-unknown-cert-file", paramLabel = "FILE", description = "The authority for " + LEGACY + ".")
    private @Nullable Path legacyCertificate;
    @Option(names = "--cluster-signing-legacy-unknown-key-file", paramLabel = "FILE", description = "Its key.")
    private @Nullable Path legacyKey;

    /// What was given for one signer.
    private record Pair(String signer, String flag, @Nullable Path certificate, @Nullable Path key) {}

    CertificateSettings settings() {
        List<Pair> own = List.of(
                new Pair(CLIENT, "kube-apiserver-client", clientCertificate, clientKey),
                new Pair(KUBELET_CLIENT, "kubelet-client", kubeletClientCertificate, kubeletClientKey),
                new Pair(KUBELET_SERVING, "kubelet-serving", kubeletServingCertificate, kubeletServingKey),
                new Pair(LEGACY, "legacy-unknown", legacyCertificate, legacyKey));
        boolean any = own.stream().anyMatch(pair -> pair.certificate != null || pair.key != null);
        if (any && (certificate != null || key != null)) {
            throw new IllegalArgumentException("--cluster-signing-cert-file and --cluster-signing-key-file are for all signers: give them, or those of single signers, not both");
        }
        Map<String, Authority> authorities = new HashMap<>();
        for (Pair pair : own) {
            Authority authority = any
                    ? authority("--cluster-signing-" + pair.flag + "-", pair.certificate, pair.key)
                    : authority("--cluster-signing-", certificate, key);
            if (authority != null) {
                authorities.put(pair.signer, authority);
            }
        }
        return new CertificateSettings(authorities, duration);
    }

    private static @Nullable Authority authority(String flag, @Nullable Path certificate, @Nullable Path key) {
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new IllegalArgumentException(flag + "cert-file and " + flag + "key-file go together: give both, or none to sign nothing");
        }
        try {
            return new Authority(Pem.certificates(ControllerManagerOptions.text(certificate, flag + "cert-file")).getFirst(),
                    Pem.privateKey(ControllerManagerOptions.text(key, flag + "key-file")));
        } catch (IllegalArgumentException e) {
            throw new Failure(Failure.Kind.PROGRAM, certificate + ", " + key + ": " + e.getMessage(), "give a certificate and its key in PEM", e);
        }
    }
}
