package io.j8s.http;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
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

    /// Tried by a signature: a certificate whose renewal is half done would otherwise show only as failing handshakes.
    private static boolean leafMatches(PrivateKey key, X509Certificate leaf) {
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
