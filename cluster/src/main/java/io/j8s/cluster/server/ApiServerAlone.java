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
import io.j8s.cluster.host.HostName;
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
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An API server without anything else of a cluster, over the embedded store: what `kube-apiserver` starts.
public final class ApiServerAlone implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServerAlone.class);
    private static final Pattern PEM_BLOCK = Pattern.compile("-----BEGIN ([A-Z ]+)-----.*?-----END \\1-----", Pattern.DOTALL);

    private final Store store;
    private final ApiServer server;
    private final AutoCloseable traces;
    private final Publication publication;
    private final IdentityLease identity;

    private ApiServerAlone(Store store, ApiServer server, AutoCloseable traces, Publication publication, IdentityLease identity) {
        this.store = store;
        this.server = server;
        this.traces = traces;
        this.publication = publication;
        this.identity = identity;
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
        TracingSettings tracing = settings.tracing();
        TracingSettings.@Nullable Opened traces = tracing == null ? null : tracing.open(timeline);
        Store store = settings.storage().open(timeline, raw -> encryption == null ? raw : new TransformedStore(raw, encryption));
        try {
            ApiServer server = ApiServer.start(
                    ApiServerParts.config(settings.bindAddress(), settings.port(), () -> tls.identities().apply(""), () -> security, () -> kubelets(settings.kubelets()),
                            settings.serviceRange(), settings.nodePorts(), settings.allowPrivileged(), settings.audit(), settings.eventLife())
                            .withOperating(traces == null ? operating(settings) : operating(settings).withTracer(traces.tracer())).withTls(tls), store, timeline);
            if (encryption != null && encryption.asksPlugins()) {
                encryptionHealth(server, settings.encryption().reloading(), encryption);
            }
            Publication publication = publish(server, settings, security.authentication(), made.authentication(), store, timeline);
            String address = advertised(settings);
            return new ApiServerAlone(store, server, traces == null ? () -> {} : traces.exporter(), publication,
                    new IdentityLease(Identities.apiServer(server), timeline, HostName.get(), address.isEmpty() ? "" : (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + server.port()));
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

    /// Of each plugin on its own, unless the rules may change while the server runs: then of all of them together.
    private static void encryptionHealth(ApiServer server, boolean reloading, EncryptedForms encryption) {
        server.addMetrics(out -> out.append(encryption.metrics()));
        if (reloading) {
            server.health().addLive("kms-providers", encryption::problem);
            return;
        }
        List<Supplier<@Nullable String>> problems = encryption.pluginProblems();
        for (int i = 0; i < problems.size(); i++) {
            server.health().addLive("kms-provider-" + i, problems.get(i)::get);
        }
    }

    private static Publication publish(
            ApiServer server, ApiServerSettings settings, AuthenticationSettings given, AuthenticationSettings own, Store store, Timeline timeline) throws IOException {
        boolean shared = settings.storage() instanceof StorageSettings.Etcd;
        ApiServerSettings.Reconciler reconciler = settings.published().reconciler();
        return Publication.start(Identities.apiServer(server), timeline,
                new Publication.Facts(Networks.DEFAULT.withServices(settings.firstServiceRange()).apiServiceAddress(), reconciler == ApiServerSettings.Reconciler.NONE ? "" : advertised(settings), server.port(), shared,
                        settings.published().nodePort(), authentication(given, own)),
                shared && reconciler == ApiServerSettings.Reconciler.LEASE ? store : null);
    }

    private static String advertised(ApiServerSettings settings) throws IOException {
        String address = settings.advertiseAddress();
        return address.isEmpty() ? HostAddresses.advertised(settings.bindAddress()) : address;
    }

    /// What extension API servers need to know: who signs clients, and which proxies may speak for others. As upstream, nothing where no flag says either.
    @SuppressWarnings("ReferenceEquality") // the very same supplier: no flag named another authority
    private static Map<String, String> authentication(AuthenticationSettings given, AuthenticationSettings own) {
        Map<String, String> facts = new LinkedHashMap<>();
        if (given.clientAuthorities() != own.clientAuthorities()) {
            facts.put("client-ca-file", PemText.certificates(given.clientAuthorities().get()));
        }
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
        identity.close();
        publication.withdraw();
        publication.close();
        server.close();
        store.close();
        try {
            traces.close();
        } catch (Exception e) {
            LOG.error("the exporter of spans did not close", e);
        }
    }
}
