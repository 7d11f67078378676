package io.j8s.cluster.pki;

import io.j8s.http.Pem;
import io.j8s.http.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A folder of certificates and keys: `NAME.crt` (0644) beside `NAME.key` (0600), as kubeadm's. What is there and still good is used as it is; what is missing is
/// made; a leaf that no longer fits (issued by another authority, for other names, or past two thirds of its life) is made anew. Used by one thread at a time.
///
/// Authorities are never replaced: a file that is broken, or a certificate without its key, is a [PkiException] that names it.
public final class PkiFolder {
    public static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    public static final Duration LEAF_LIFE = Duration.ofDays(365);

    private final Path folder;
    private final boolean durable;

    private PkiFolder(Path folder, boolean durable) {
        this.folder = folder;
        this.durable = durable;
    }

    /// Makes the folder (0700) when it is not there.
    public static PkiFolder open(Path folder) {
        return open(folder, true);
    }

    /// @param durable whether what is made must be there after the machine's sudden end
    public static PkiFolder open(Path folder, boolean durable) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return new PkiFolder(folder, durable);
        } catch (IOException e) {
            throw new PkiException(folder + ": cannot be made (" + e.getMessage() + "); choose another --data-dir or --cert-dir, or fix its permissions", e);
        }
    }

    public Path certificateFile(String name) {
        return folder.resolve(name + ".crt");
    }

    public Path keyFile(String name) {
        return folder.resolve(name + ".key");
    }

    /// The authority in `NAME.crt` and `NAME.key`.
    public Credential authority(String name, String commonName, Instant now) {
        if (Files.exists(certificateFile(name))) {
            return read(name);
        }
        Credential made = Issuer.authority(commonName, now, AUTHORITY_LIFE);
        write(name, made);
        return made;
    }

    /// Whether the certificate in `NAME.crt` is one of this authority's.
    public boolean made(String name, Credential authority) {
        return issued(read(name).certificate(), authority.certificate());
    }

    /// The leaf in `NAME.crt` and `NAME.key`, good for this order now.
    public Credential leaf(String name, Credential authority, CertificateOrder order, Instant now) {
        if (Files.exists(certificateFile(name)) && Files.exists(keyFile(name))) {
            Credential found = read(name);
            if (fits(found.certificate(), authority, order) && now.isBefore(renewalTime(found.certificate()))) {
                return found;
            }
        }
        Credential made = Issuer.leaf(authority, order, now, LEAF_LIFE);
        write(name, made);
        return made;
    }

    /// The key pair in `NAME.key` and `NAME.pub` with which service-account tokens are signed.
    public KeyPair signingKeys(String name) {
        Path publicFile = folder.resolve(name + ".pub");
        if (Files.exists(keyFile(name)) && Files.exists(publicFile)) {
            PublicKey publicKey = PemText.readPublicKey(text(publicFile), publicFile.toString());
            return new KeyPair(publicKey, privateKey(keyFile(name), text(keyFile(name))));
        }
        KeyPair made = Issuer.newKeys();
        write(keyFile(name), PemText.privateKey(made.getPrivate(), made.getPublic()), "rw-------");
        write(publicFile, PemText.publicKey(made.getPublic()), "rw-r--r--");
        return made;
    }

    /// When a certificate is to be replaced: after two thirds of its life.
    public static Instant renewalTime(X509Certificate certificate) {
        Instant from = certificate.getNotBefore().toInstant();
        return from.plusSeconds(Duration.between(from, certificate.getNotAfter().toInstant()).toSeconds() * 2 / 3); // Duration's own multiplication makes ready decimals of any size
    }

    private Credential read(String name) {
        Path certificates = certificateFile(name);
        Path key = keyFile(name);
        if (!Files.exists(key)) {
            throw new PkiException(key + ": is missing, but " + certificates + " needs it; put it back, or remove both to start with new ones");
        }
        String keyText = text(key);
        Credential found = new Credential(certificates(certificates), privateKey(key, keyText));
        if (!keyText.equals(found.keyPem()) && !TlsIdentity.fits(found.key(), found.certificate())) {
            throw new PkiException(key + ": is not the key of " + certificates + "; restore the one that is, or remove both to have new ones made");
        }
        return found;
    }

    private static boolean fits(X509Certificate certificate, Credential authority, CertificateOrder order) {
        if (!issued(certificate, authority.certificate())) {
            return false;
        }
        Set<String> names = new HashSet<>();
        Set<InetAddress> addresses = new HashSet<>();
        for (List<?> name : alternativeNames(certificate)) {
            switch ((Integer) name.get(0)) {
                case 2 -> names.add((String) name.get(1));
                case 7 -> addresses.add(InetAddress.ofLiteral((String) name.get(1)));
                default -> { } // kinds that are never ordered
            }
        }
        return names.containsAll(order.dnsNames()) && addresses.containsAll(order.addresses()) && saysOf(certificate, order);
    }

    /// Whether a certificate of this folder comes from that authority: by name and key identifier (RFC 5280, 4.2.1.1 and 4.2.1.2), which tell one authority's keys from another's. To work out the
    /// signature as well takes a JVM that has just started longer than all the rest of reading the folder; it is done where an identifier is missing.
    private static boolean issued(X509Certificate certificate, X509Certificate authority) {
        byte[] issuer = certificate.getExtensionValue(Issuer.AUTHORITY_KEY_IDENTIFIER);
        if (issuer != null && authority.getExtensionValue(Issuer.SUBJECT_KEY_IDENTIFIER) != null) {
            // SEQUENCE { [0] identifier, ... }
            String identifier = new String(Issuer.keyIdentifier(authority), StandardCharsets.ISO_8859_1);
            return certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal()) && new String(issuer, StandardCharsets.ISO_8859_1).contains(identifier);
        }
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean saysOf(X509Certificate certificate, CertificateOrder order) {
        String subject = certificate.getSubjectX500Principal().getName(javax.security.auth.x500.X500Principal.RFC2253);
        return subject.contains("CN=" + order.commonName()) && order.organizations().stream().allMatch(o -> subject.contains("O=" + o));
    }

    private static Collection<List<?>> alternativeNames(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private void write(String name, Credential made) {
        write(keyFile(name), made.keyPem(), "rw-------");
        write(certificateFile(name), made.certificatePem(), "rw-r--r--");
    }

    private void write(Path file, String text, String permissions) {
        try {
            PrivateFile.write(file, text, permissions, durable);
        } catch (IOException e) {
            throw new PkiException(file + ": cannot be written (" + e.getMessage() + "); check the folder's permissions and free space", e);
        }
    }

    private static List<X509Certificate> certificates(Path file) {
        try {
            return Pem.certificates(text(file));
        } catch (IllegalArgumentException e) {
            throw new PkiException(file + ": " + e.getMessage() + "; restore it, or remove it with its key to have new ones made", e);
        }
    }

    private static PrivateKey privateKey(Path file, String text) {
        try {
            return Pem.privateKey(text);
        } catch (IllegalArgumentException e) {
            throw new PkiException(file + ": " + e.getMessage() + "; restore it, or remove it with its certificate to have new ones made", e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new PkiException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
