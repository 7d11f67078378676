package io.j8s.cluster.pki;

import io.j8s.http.TlsIdentity;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
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

    /// One that is kept nowhere, of an authority that nobody knows: for a port that clients do not check.
    public static Credential passing(CertificateOrder order, Instant now) {
        return Issuer.leaf(Issuer.authority(order.commonName() + "-ca", now, PkiFolder.LEAF_LIFE), order, now, PkiFolder.LEAF_LIFE);
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
