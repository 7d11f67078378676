package io.j8s.cluster.pki;

import io.j8s.http.TlsIdentity;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// A certificate with its key: what a TLS server or client shows.
///
/// @param chain the leaf first, then its issuers, without the root
public record Credential(List<X509Certificate> chain, PrivateKey key) {
    public Credential {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a credential needs at least one certificate");
        }
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /// As the protocol edge wants it.
    public TlsIdentity identity() {
        return new TlsIdentity(key, chain);
    }

    /// The chain as PEM text.
    public String certificatePem() {
        return PemText.certificates(chain);
    }

    /// The key as PEM text.
    public String keyPem() {
        return PemText.privateKey(key, certificate().getPublicKey());
    }
}
