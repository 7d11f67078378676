package io.j8s.apiserver.streaming;

import io.j8s.http.TlsIdentity;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How an API server reaches kubelets.
///
/// @param authorities whose serving certificates are believed (`--kubelet-certificate-authority`); empty: any certificate is, as upstream does without the flag
/// @param identity who the server says it is (`--kubelet-client-certificate`, `--kubelet-client-key`), asked at each new connection; null from it: nobody
/// @param addressTypes which of a node's addresses is taken, the best first (`--kubelet-preferred-address-types`)
public record KubeletSettings(List<X509Certificate> authorities, Supplier<@Nullable TlsIdentity> identity, List<String> addressTypes) {

    /// Believes any kubelet and shows no certificate.
    public static final KubeletSettings DEFAULT = new KubeletSettings(List.of(), () -> null, List.of("InternalIP", "ExternalIP", "Hostname"));

    public KubeletSettings {
        authorities = List.copyOf(authorities);
        addressTypes = List.copyOf(addressTypes);
    }

    public KubeletSettings trusting(List<X509Certificate> certificates) {
        return new KubeletSettings(certificates, identity, addressTypes);
    }

    public KubeletSettings as(Supplier<@Nullable TlsIdentity> who) {
        return new KubeletSettings(authorities, who, addressTypes);
    }
}
