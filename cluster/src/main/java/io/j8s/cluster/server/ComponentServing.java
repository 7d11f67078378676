package io.j8s.cluster.server;

import io.j8s.apiserver.ServerFacts;
import io.j8s.apiserver.serve.FeatureGates;
import io.j8s.apiserver.serve.StatusPages;
import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.https.ApiEndpoint;
import io.j8s.client.https.HttpsClient;
import io.j8s.cluster.host.Failure;
import io.j8s.cluster.pki.CertificateOrder;
import io.j8s.cluster.pki.Credential;
import io.j8s.cluster.pki.PkiFolder;
import io.j8s.http.EventLoops;
import io.j8s.http.Pem;
import io.j8s.http.ServerConfig;
import io.j8s.http.ServerTls;
import io.j8s.http.TlsIdentity;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The port of a component that is a process of its own: health for everybody, metrics for those whom the API server lets see them.
public final class ComponentServing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ComponentServing.class);
    /// What `/statusz` says there is.
    static final List<String> PATHS = List.of("/configz", "/flagz", "/healthz", "/livez", "/metrics", "/readyz");
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /// @param port 0: nothing is served
    /// @param certificates where a certificate is that is made; null: one that lives as long as the process
    /// @param clientAuthority those that sign clients; null: the published ones
    /// @param authentication how to ask who sends a token; null: nobody is known by one
    /// @param authorization how to ask what a user may; null: nobody may see more than what is open
    /// @param lookUp whether to look at what the API server publishes of its authorities
    /// @param tolerant whether to go on without that
    /// @param open what everybody may see
    public record Settings(
            String bindAddress, int port, @Nullable Path certificates, @Nullable Path tlsCertificate, @Nullable Path tlsKey, @Nullable Path clientAuthority,
            @Nullable ApiEndpoint authentication, @Nullable ApiEndpoint authorization, boolean lookUp, boolean tolerant, List<String> open) {
        public Settings {
            HostAddresses.check("--bind-address", bindAddress);
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("--secure-port: " + port + " is not a port; 1 to 65535 are, and 0 for none");
            }
            if ((tlsCertificate == null) != (tlsKey == null)) {
                throw new IllegalArgumentException("--tls-cert-file and --tls-private-key-file go together: give both, or none to have a certificate made");
            }
            open = List.copyOf(open);
        }
    }

    /// What a component tells of itself.
    ///
    /// @param ready what `/readyz` says
    /// @param healthChecks the names of what `/healthz?verbose` looks at
    /// @param configuration `/configz`, in JSON
    /// @param flags `/flagz`: their values, by name without dashes
    public record Content(BooleanSupplier ready, Supplier<List<String>> healthChecks, Supplier<String> configuration, Map<String, String> flags) {
        public Content {
            flags = Map.copyOf(flags);
        }

        private Map<String, StatusPages.Page> pages(String component, Timeline timeline) {
            return Map.of("/configz", ComponentEndpoint.document(configuration), "/flagz", StatusPages.flags(component, flags), "/statusz", StatusPages.status(component, PATHS, timeline));
        }
    }

    private ComponentServing() {}

    /// Serves until closed.
    ///
    /// @param name of the component
    /// @param content what it tells of itself
    public static ComponentServing start(String name, Settings settings, EventLoops loops, Timeline timeline, MetricRegistry metrics, Content content) {
        ComponentServing serving = new ComponentServing();
        if (settings.port() == 0) {
            return serving;
        }
        try {
            ServerFacts.register(metrics);
            FeatureGates.DEFAULT.measure(metrics);
            Client tokens = serving.client(settings.authentication(), loops, timeline);
            Client access = serving.client(settings.authorization(), loops, timeline);
            List<X509Certificate> authorities = authorities(settings, tokens);
            ComponentGuard guard = new ComponentGuard(tokens, access, timeline, () -> authorities, settings.open());
            TlsIdentity identity = identity(name, settings, timeline);
            serving.parts.push(new ComponentEndpoint(loops, ServerConfig.https(settings.bindAddress(), settings.port(), ServerTls.of(() -> identity)), timeline, guard,
                    ComponentPorts.health(content.ready()), metrics, content.healthChecks(), content.pages(name, timeline)));
            LOG.info("Serving at {}:{}", settings.bindAddress(), settings.port());
            return serving;
        } catch (BindException e) {
            serving.close();
            throw new Failure(Failure.Kind.PORT_IN_USE, String.valueOf(e.getMessage()), "stop the process that uses it, or choose another port with --secure-port (0 for none)", e);
        } catch (IOException e) {
            serving.close();
            throw new Failure(Failure.Kind.PROGRAM, e.toString(), "look at --bind-address and --secure-port", e);
        }
    }

    private @Nullable Client client(@Nullable ApiEndpoint endpoint, EventLoops loops, Timeline timeline) {
        if (endpoint == null) {
            return null;
        }
        HttpsClient client = new HttpsClient(endpoint, loops, timeline);
        parts.push(client);
        return client;
    }

    private static List<X509Certificate> authorities(Settings settings, @Nullable Client published) {
        Path given = settings.clientAuthority();
        if (given != null) {
            return Pem.certificates(text(given, "--client-ca-file"));
        }
        if (published == null || !settings.lookUp()) {
            return List.of();
        }
        try {
            ConfigMap map = published.find(ConfigMap.RESOURCE, "kube-system", "extension-apiserver-authentication");
            String pem = map == null ? "" : map.data().getOrDefault("client-ca-file", "");
            return pem.isEmpty() ? List.of() : Pem.certificates(pem);
        } catch (ApiException e) {
            if (!settings.tolerant()) {
                throw new Failure(Failure.Kind.CONTROL_PLANE, "what the API server publishes of its authorities cannot be read: " + e.getMessage(),
                        "give the identity of --authentication-kubeconfig the role extension-apiserver-authentication-reader in kube-system, name --client-ca-file, or use "
                                + "--authentication-tolerate-lookup-failure", e);
            }
            LOG.warn("Client certificates will not be believed: what the API server publishes of its authorities cannot be read: {}", e.getMessage());
            return List.of();
        }
    }

    private static TlsIdentity identity(String name, Settings settings, Timeline timeline) {
        Path certificate = settings.tlsCertificate();
        Path key = settings.tlsKey();
        if (certificate != null && key != null) {
            try {
                return TlsIdentity.fromPem(text(certificate, "--tls-cert-file"), text(key, "--tls-private-key-file"));
            } catch (IllegalArgumentException e) {
                throw new Failure(Failure.Kind.PROGRAM, certificate + ", " + key + ": " + e.getMessage(), "give a certificate and its key in PEM", e);
            }
        }
        Set<String> names = new TreeSet<>(List.of("localhost", "127.0.0.1", "::1"));
        names.addAll(HostAddresses.all());
        CertificateOrder order = CertificateOrder.server(name, names);
        Path folder = settings.certificates();
        if (folder == null) {
            return Credential.passing(order, timeline.now()).identity();
        }
        PkiFolder pki = PkiFolder.open(folder);
        return pki.leaf(name, pki.authority(name + "-ca", name + "-ca", timeline.now()), order, timeline.now()).identity();
    }

    private static String text(Path file, String flag) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new Failure(Failure.Kind.PROGRAM, file + ": cannot be read: " + e, "name another " + flag, e);
        }
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.error("A part of the component's port did not close", e);
            }
        }
    }
}
