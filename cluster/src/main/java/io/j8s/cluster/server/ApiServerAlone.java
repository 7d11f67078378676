package io.j8s.cluster.server;

import io.j8s.apiserver.ApiServer;
import io.j8s.apiserver.authentication.serviceaccount.ServiceAccountKeys;
import io.j8s.apiserver.security.SecuritySettings;
import io.j8s.apiserver.streaming.KubeletSettings;
import io.j8s.cluster.host.Failure;
import io.j8s.cluster.pki.CertificateOrder;
import io.j8s.cluster.pki.Credential;
import io.j8s.cluster.pki.PemText;
import io.j8s.cluster.pki.PkiFolder;
import io.j8s.http.Pem;
import io.j8s.http.TlsIdentity;
import io.j8s.runtime.Timeline;
import io.j8s.store.Store;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// An API server without anything else of a cluster, over the embedded store: what `kube-apiserver` starts.
public final class ApiServerAlone implements AutoCloseable {
    private final Store store;
    private final ApiServer server;
    private final Publication publication;

    private ApiServerAlone(Store store, ApiServer server, Publication publication) {
        this.store = store;
        this.server = server;
        this.publication = publication;
    }

    /// Starts; serves when it returns.
    public static ApiServerAlone start(ApiServerSettings settings, Timeline timeline) {
        PkiFolder pki = PkiFolder.open(settings.certificates());
        Credential authority = pki.authority("ca", "kubernetes", timeline.now());
        TlsIdentity identity = identity(settings, pki, authority, timeline);
        Path clientAuthority = settings.clientAuthority();
        List<X509Certificate> trusted = clientAuthority == null ? List.of(authority.certificate()) : Pem.certificates(text(clientAuthority, "--client-ca-file"));
        Path tokens = settings.tokens();
        SecuritySettings security = SecuritySettings.DEFAULT
                .withClientAuthorities(() -> trusted)
                .withTokens(tokens == null ? Map.of() : StaticTokens.read(tokens))
                .withServiceAccounts(serviceAccounts(settings, pki))
                .withAnonymous(settings.anonymous())
                .withAuthorizationModes(settings.authorizationModes())
                .withPlugins(settings.enabledAdmission(), settings.disabledAdmission())
                .withServerUrl(settings.serviceAccountIssuers().getFirst());
        Store store = settings.storage().open(timeline);
        try {
            ApiServer server = ApiServer.start(
                    ApiServerParts.config(settings.bindAddress(), settings.port(), () -> identity, security, kubelets(settings.kubelets()),
                            settings.serviceRange(), settings.nodePorts(), settings.allowPrivileged(), settings.audit()).withOperating(settings.operating()), store, timeline);
            return new ApiServerAlone(store, server, publish(server, settings, trusted, timeline));
        } catch (BindException e) {
            store.close();
            throw new Failure(Failure.Kind.PORT_IN_USE, String.valueOf(e.getMessage()), "stop the process that uses it, or choose another port with --secure-port", e);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw new Failure(Failure.Kind.CONTROL_PLANE, e.toString(), "look at the messages before this one", e);
        }
    }

    private static Publication publish(ApiServer server, ApiServerSettings settings, List<X509Certificate> clientAuthorities, Timeline timeline) throws IOException {
        String given = settings.advertiseAddress();
        String advertised = given.isEmpty() ? HostAddresses.advertised(settings.bindAddress()) : given;
        return Publication.start(Identities.apiServer(server), timeline, new Publication.Facts(Networks.DEFAULT.withServices(settings.serviceRange()).apiServiceAddress(), advertised,
                server.port(), settings.storage() instanceof StorageSettings.Etcd, Map.of("client-ca-file", PemText.certificates(clientAuthorities))));
    }

    /// The keys that are given, or a pair of our own.
    private static ServiceAccountKeys serviceAccounts(ApiServerSettings settings, PkiFolder pki) {
        Path signing = settings.serviceAccountSigningKey();
        if (signing == null) {
            KeyPair own = pki.signingKeys("sa");
            return ServiceAccountKeys.of(own.getPrivate(), List.of(own.getPublic()), settings.serviceAccountIssuers(), settings.apiAudiences(), Duration.ZERO, true, "");
        }
        PrivateKey key = Pem.privateKey(text(signing, "--service-account-signing-key-file"));
        List<PublicKey> verifying = settings.serviceAccountKeys().stream()
                .map(file -> text(file, "--service-account-key-file"))
                .filter(text -> !text.contains("PRIVATE KEY")) // a private key's partner is known with it
                .map(text -> PemText.readPublicKey(text, "--service-account-key-file")).toList();
        return ServiceAccountKeys.of(key, verifying, settings.serviceAccountIssuers(), settings.apiAudiences(), Duration.ZERO, true, "");
    }

    private static KubeletSettings kubelets(ApiServerSettings.Kubelets settings) {
        Path authority = settings.authority();
        Path certificate = settings.certificate();
        Path key = settings.key();
        TlsIdentity shown = certificate == null || key == null
                ? null
                : TlsIdentity.fromPem(text(certificate, "--kubelet-client-certificate"), text(key, "--kubelet-client-key"));
        return new KubeletSettings(
                authority == null ? List.of() : Pem.certificates(text(authority, "--kubelet-certificate-authority")), () -> shown,
                settings.addressTypes().isEmpty() ? KubeletSettings.DEFAULT.addressTypes() : settings.addressTypes());
    }

    private static TlsIdentity identity(ApiServerSettings settings, PkiFolder pki, Credential authority, Timeline timeline) {
        @Nullable Path certificate = settings.tlsCertificate();
        @Nullable Path key = settings.tlsKey();
        if (certificate == null && Files.exists(pki.certificateFile("apiserver")) && Files.exists(pki.keyFile("apiserver")) && !pki.made("apiserver", authority)) {
            certificate = pki.certificateFile("apiserver"); // somebody put it there for this server, as upstream lets him
            key = pki.keyFile("apiserver");
        }
        if (certificate != null && key != null) {
            try {
                return TlsIdentity.fromPem(text(certificate, "--tls-cert-file"), text(key, "--tls-private-key-file"));
            } catch (IllegalArgumentException e) {
                throw new Failure(Failure.Kind.PROGRAM, certificate + ", " + key + ": " + e.getMessage(), "give a certificate and its key in PEM", e);
            }
        }
        Set<String> names = new TreeSet<>(Set.of("kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "localhost", "127.0.0.1", "::1",
                Networks.DEFAULT.withServices(settings.serviceRange()).apiServiceAddress()));
        names.addAll(HostAddresses.all());
        return pki.leaf("apiserver", authority, CertificateOrder.server("kube-apiserver", names), timeline.now()).identity();
    }

    private static String text(Path file, String flag) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new Failure(Failure.Kind.PROGRAM, file + ": cannot be read: " + e, "name another " + flag, e);
        }
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        publication.close();
        server.close();
        store.close();
    }
}
