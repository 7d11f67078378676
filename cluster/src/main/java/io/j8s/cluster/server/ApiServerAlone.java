package io.j8s.cluster.server;

import io.j8s.apiserver.ApiServer;
import io.j8s.apiserver.OperatingSettings;
import io.j8s.apiserver.authentication.RequestHeaders;
import io.j8s.apiserver.authentication.serviceaccount.ServiceAccountKeys;
import io.j8s.apiserver.configuration.ConfigurationException;
import io.j8s.apiserver.security.AuthenticationSettings;
import io.j8s.apiserver.security.SecuritySettings;
import io.j8s.apiserver.serve.EdgeSettings;
import io.j8s.apiserver.serve.StatusPages;
import io.j8s.apiserver.streaming.KubeletSettings;
import io.j8s.cluster.encryption.EncryptedForms;
import io.j8s.cluster.host.Failure;
import io.j8s.cluster.pki.CertificateOrder;
import io.j8s.cluster.pki.Credential;
import io.j8s.cluster.pki.PemText;
import io.j8s.cluster.pki.PkiFolder;
import io.j8s.http.Pem;
import io.j8s.http.ServerTls;
import io.j8s.http.TlsIdentity;
import io.j8s.model.Json;
import io.j8s.runtime.Timeline;
import io.j8s.store.Store;
import io.j8s.store.TransformedStore;
import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An API server without anything else of a cluster, over the embedded store: what `kube-apiserver` starts.
public final class ApiServerAlone implements AutoCloseable {
    private static final Pattern PEM_BLOCK = Pattern.compile("-----BEGIN ([A-Z ]+)-----.*?-----END \\1-----", Pattern.DOTALL);

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
        ServerTls tls = ServingCertificates.of(settings, pki, authority, timeline);
        SecuritySettings made = SecuritySettings.DEFAULT
                .withClientAuthorities(() -> List.of(authority.certificate()))
                .withServiceAccounts(serviceAccounts(settings.serviceAccounts(), pki))
                .withServerUrl(settings.serviceAccounts().issuers().getFirst());
        SecuritySettings security = guarded(settings, made, timeline);
        EncryptedForms encryption = settings.encryption().open(settings.storage().prefix(), timeline);
        Store store = settings.storage().open(timeline, raw -> encryption == null ? raw : new TransformedStore(raw, encryption));
        try {
            ApiServer server = ApiServer.start(
                    ApiServerParts.config(settings.bindAddress(), settings.port(), () -> tls.identities().apply(""), () -> security, () -> kubelets(settings.kubelets()),
                            settings.serviceRange(), settings.nodePorts(), settings.allowPrivileged(), settings.audit(), settings.eventLife()).withOperating(operating(settings)).withTls(tls), store, timeline);
            if (encryption != null && encryption.asksPlugins()) {
                server.health().addLive("kms-providers", encryption::problem);
            }
            return new ApiServerAlone(store, server, publish(server, settings, security.authentication(), timeline));
        } catch (BindException e) {
            store.close();
            throw new Failure(Failure.Kind.PORT_IN_USE, String.valueOf(e.getMessage()), "stop the process that uses it, or choose another port with --secure-port", e);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw new Failure(Failure.Kind.CONTROL_PLANE, e.toString(), "look at the messages before this one", e);
        }
    }

    private static OperatingSettings operating(ApiServerSettings settings) throws IOException {
        EdgeSettings edge = settings.operating().edge();
        String advertised = edge.externalAddress().isEmpty() ? HostAddresses.advertised(settings.bindAddress()) : edge.externalAddress();
        return settings.operating().withEdge(edge.withExternalAddress(advertised));
    }

    private static Publication publish(ApiServer server, ApiServerSettings settings, AuthenticationSettings given, Timeline timeline) throws IOException {
        String address = settings.advertiseAddress();
        String advertised = address.isEmpty() ? HostAddresses.advertised(settings.bindAddress()) : address;
        return Publication.start(Identities.apiServer(server), timeline, new Publication.Facts(Networks.DEFAULT.withServices(settings.serviceRange()).apiServiceAddress(), advertised,
                server.port(), settings.storage() instanceof StorageSettings.Etcd, authentication(given)));
    }

    /// What extension API servers need to know: who signs clients, and which proxies may speak for others.
    private static Map<String, String> authentication(AuthenticationSettings given) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("client-ca-file", PemText.certificates(given.clientAuthorities().get()));
        RequestHeaders.Settings proxy = given.proxy();
        if (proxy != null) {
            facts.put("requestheader-client-ca-file", PemText.certificates(proxy.authorities().get()));
            facts.put("requestheader-allowed-names", list(proxy.allowedNames()));
            facts.put("requestheader-username-headers", list(proxy.userHeaders()));
            facts.put("requestheader-uid-headers", list(proxy.uidHeaders()));
            facts.put("requestheader-group-headers", list(proxy.groupHeaders()));
            facts.put("requestheader-extra-headers-prefix", list(proxy.extraPrefixes()));
        }
        return facts;
    }

    private static String list(List<String> texts) {
        return new String(Json.writePlain(texts), StandardCharsets.UTF_8);
    }

    private static SecuritySettings guarded(ApiServerSettings settings, SecuritySettings made, Timeline timeline) {
        try {
            return settings.guarding().complete(made, timeline);
        } catch (ConfigurationException e) {
            throw new Failure(Failure.Kind.PROGRAM, e.why(), "correct the flag or the file that it names", e);
        }
    }

    /// The keys that are given, or a pair of our own.
    private static ServiceAccountKeys serviceAccounts(ApiServerSettings.ServiceAccounts settings, PkiFolder pki) {
        Path signing = settings.signingKey();
        List<PublicKey> verifying = new ArrayList<>();
        settings.keys().forEach(file -> verifying.addAll(keys(text(file, "--service-account-key-file"))));
        PrivateKey key;
        if (signing == null) {
            KeyPair own = pki.signingKeys("sa");
            key = own.getPrivate();
            verifying.addFirst(own.getPublic());
        } else {
            key = Pem.privateKey(text(signing, "--service-account-signing-key-file"));
        }
        return ServiceAccountKeys.of(key, verifying, settings.issuers(), settings.audiences(), settings.longest(), settings.extend(), settings.jwksUri());
    }

    /// The public keys of a file; those of private RSA keys, too.
    private static List<PublicKey> keys(String text) {
        List<PublicKey> keys = new ArrayList<>();
        Matcher blocks = PEM_BLOCK.matcher(text);
        while (blocks.find()) {
            if (blocks.group(1).endsWith("PRIVATE KEY")) {
                ServiceAccountKeys.publicPart(Pem.privateKey(blocks.group())).ifPresent(keys::add);
            } else {
                keys.add(PemText.readPublicKey(blocks.group(), "--service-account-key-file"));
            }
        }
        return keys;
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

    /// Shows with which flags it runs, by name without dashes.
    public void showFlags(Map<String, String> values) {
        StatusPages.flags(server.paths(), values);
    }

    /// Ends gracefully: blocks until requests under way are answered.
    @Override
    public void close() {
        server.stopping();
        publication.withdraw();
        publication.close();
        server.close();
        store.close();
    }
}
