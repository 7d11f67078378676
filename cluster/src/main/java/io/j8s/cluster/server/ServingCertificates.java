package io.j8s.cluster.server;

import io.j8s.cluster.pki.CertificateOrder;
import io.j8s.cluster.pki.Credential;
import io.j8s.cluster.pki.PkiFolder;
import io.j8s.http.ServerTls;
import io.j8s.http.TlsIdentity;
import io.j8s.runtime.Timeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/// What an API server alone shows to its clients: the certificate that is given (or lies in `--cert-dir`, or is made there), or another one for the host name that is asked for.
/// Files that are replaced are read anew for the next connections.
final class ServingCertificates {

    private final Supplier<TlsIdentity> own;
    private final List<Named> named;

    private record Named(List<String> names, IdentityFiles files) {
        boolean fits(String host) {
            for (String name : names.isEmpty() ? ofCertificate(files.identity().chain().getFirst()) : names) {
                boolean wild = name.startsWith("*.") && host.indexOf('.') > 0 && host.substring(host.indexOf('.')).equals(name.substring(1));
                if (wild || host.equals(name)) {
                    return true;
                }
            }
            return false;
        }
    }

    private ServingCertificates(Supplier<TlsIdentity> own, List<Named> named) {
        this.own = own;
        this.named = named;
    }

    /// Reads what is there, makes what is missing.
    static ServerTls of(ApiServerSettings settings, PkiFolder pki, Credential authority, Timeline timeline) {
        List<Named> named = new ArrayList<>();
        settings.serving().byName().forEach(each -> named.add(new Named(each.names(), IdentityFiles.read(each.certificate(), each.key()))));
        ServingCertificates certificates = new ServingCertificates(own(settings, pki, authority, timeline), List.copyOf(named));
        return new ServerTls(certificates::forName, true, settings.serving().protocols(), settings.serving().cipherSuites());
    }

    private TlsIdentity forName(String asked) {
        String host = asked.toLowerCase(Locale.ROOT);
        for (Named each : named) {
            if (!host.isEmpty() && each.fits(host)) {
                return each.files.identity();
            }
        }
        return own.get();
    }

    private static Supplier<TlsIdentity> own(ApiServerSettings settings, PkiFolder pki, Credential authority, Timeline timeline) {
        Path certificate = settings.tlsCertificate();
        Path key = settings.tlsKey();
        if (certificate == null && Files.exists(pki.certificateFile("apiserver")) && Files.exists(pki.keyFile("apiserver")) && !pki.made("apiserver", authority)) {
            certificate = pki.certificateFile("apiserver"); // somebody put it there for this server, as upstream lets him
            key = pki.keyFile("apiserver");
        }
        if (certificate != null && key != null) {
            return IdentityFiles.read(certificate, key)::identity;
        }
        Set<String> names = new TreeSet<>(Set.of("kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "localhost", "127.0.0.1", "::1",
                Networks.DEFAULT.withServices(settings.firstServiceRange()).apiServiceAddress()));
        names.addAll(HostAddresses.all());
        TlsIdentity made = pki.leaf("apiserver", authority, CertificateOrder.server("kube-apiserver", names), timeline.now()).identity();
        return () -> made;
    }

    private static List<String> ofCertificate(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            for (List<?> name : all == null ? List.<List<?>>of() : all) {
                if (name.get(1) instanceof String text) {
                    names.add(text.toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return names;
    }
}
