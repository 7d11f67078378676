package io.j8s.http;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/// A private key and its certificate chain, leaf first: who one end of a TLS connection is. The key fits the leaf: whoever cannot be sure of that uses [#checked].
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {

    public TlsIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a TLS identity needs at least one certificate");
        }
    }

    /// The same, after a try: a certificate whose renewal is half done would otherwise show only as failing handshakes.
    ///
    /// @throws IllegalArgumentException when the key does not fit the leaf
    public static TlsIdentity checked(PrivateKey key, List<X509Certificate> chain) {
        TlsIdentity identity = new TlsIdentity(key, chain);
        X509Certificate leaf = identity.chain().getFirst();
        if (!fits(key, leaf)) {
            throw new IllegalArgumentException("the private key (" + key.getAlgorithm() + ") does not fit the certificate of \"" + leaf.getSubjectX500Principal()
                    + "\" (" + leaf.getPublicKey().getAlgorithm() + ")");
        }
        return identity;
    }

    /// From PEM: one or more certificates, and a key in PKCS#8, PKCS#1 or SEC1 form, unencrypted.
    ///
    /// @throws IllegalArgumentException when the text holds no such thing, or the key does not fit
    public static TlsIdentity fromPem(String certificates, String key) {
        return checked(Pem.privateKey(key), Pem.certificates(certificates));
    }

    /// Whether a signature of the key is one of the certificate's. It takes a JVM that has just started a tenth of a second.
    public static boolean fits(PrivateKey key, X509Certificate leaf) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        try {
            byte[] sample = {1, 2, 3};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(leaf.getPublicKey());
            signature.update(sample);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
