package io.j8s.http;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// A private key and its certificate chain, leaf first: who one end of a TLS connection is.
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {

    public TlsIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a TLS identity needs at least one certificate");
        }
        if (!leafMatches(key, chain.getFirst())) {
            throw new IllegalArgumentException("the private key (" + key.getAlgorithm() + ") does not fit the certificate of \"" + chain.getFirst().getSubjectX500Principal()
                    + "\" (" + chain.getFirst().getPublicKey().getAlgorithm() + ")");
        }
    }

    /// From PEM: one or more certificates, and a key in PKCS#8, PKCS#1 or SEC1 form, unencrypted.
    ///
    /// @throws IllegalArgumentException when the text holds no such thing
    public static TlsIdentity fromPem(String certificates, String key) {
        return new TlsIdentity(Pem.privateKey(key), Pem.certificates(certificates));
    }

    private static boolean leafMatches(PrivateKey key, X509Certificate leaf) {
        String certified = leaf.getPublicKey().getAlgorithm();
        return certified.equals(key.getAlgorithm()) || (certified.equals("EdDSA") && key.getAlgorithm().startsWith("Ed"))
                || (certified.startsWith("Ed") && key.getAlgorithm().equals("EdDSA"));
    }
}
