package io.j8s.cluster.node;

import io.j8s.client.https.ApiEndpoint;
import io.j8s.client.https.HttpsClient;
import io.j8s.cluster.configuration.Configuration;
import io.j8s.cluster.host.HostName;
import io.j8s.cluster.pki.CertificateOrder;
import io.j8s.cluster.pki.PkiFolder;
import io.j8s.cluster.server.HostAddresses;
import io.j8s.http.EventLoops;
import io.j8s.http.Pem;
import io.j8s.http.TlsIdentity;
import io.j8s.node.Kubelet;
import io.j8s.node.KubeletConfig;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node agent beside any API server: what `kubelet` starts. Closing it leaves containers running.
public final class KubeletAlone implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KubeletAlone.class);
    private static final Duration RENEWAL_LOOK = Duration.ofMinutes(1);
    private static final Duration RETRY = Duration.ofSeconds(30);
    private final Configuration configuration;
    private final Timeline timeline;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final String node;
    private final List<String> addresses;
    private final Kubelet kubelet;

    private KubeletAlone(Configuration configuration, Map<String, String> environment, Path home, Timeline timeline) throws IOException, InterruptedException {
        this.configuration = configuration;
        this.timeline = timeline;
        String override = configuration.text("--hostname-override").strip();
        node = override.isEmpty() ? HostName.get() : override;
        addresses = addresses(configuration.text("--node-ip"));
        try {
            EventLoops loops = part(EventLoops.forThisMachine());
            SignedCertificate own = new SignedCertificate(certificates(), "kubelet-client", "kubernetes.io/kube-apiserver-client-kubelet",
                    CertificateOrder.client("system:node:" + node, "system:nodes"), timeline);
            ApiEndpoint endpoint = new Bootstrap(environment, home, loops, timeline).access(Path.of(configuration.text("--kubeconfig")), configuration.text("--bootstrap-kubeconfig"), own);
            HttpsClient client = part(new HttpsClient(configuration.text("contentType").contains("protobuf") ? endpoint : endpoint.inJson(), loops, timeline));
            if (configuration.flag("rotateCertificates") && Files.exists(own.file())) {
                part(renewing(own, client));
            }
            Supplier<TlsIdentity> serving = serving(client);
            PodNetwork network = PodNetwork.of(configuration);
            KubeletConfig config = new KubeletSettings(configuration, network.folder()).config(node, addresses, serving, clientAuthorities());
            network.start(client, timeline, node).ifPresent(parts::push);
            kubelet = part(Kubelet.start(config, client, loops, timeline));
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Starts; answers when the node is registered.
    ///
    /// @throws IllegalArgumentException when the configuration makes no sense
    public static KubeletAlone start(Configuration configuration, Map<String, String> environment, Path home, Timeline timeline) throws IOException, InterruptedException {
        check(configuration);
        return new KubeletAlone(configuration, environment, home, timeline);
    }

    private static void check(Configuration configuration) throws IOException {
        if (configuration.text("--kubeconfig").isEmpty()) {
            throw new IllegalArgumentException("--kubeconfig is needed: a node without an API server is not run; give one, and --bootstrap-kubeconfig if it is yet to be made");
        }
        if (configuration.flag("runOnce")) {
            throw new IllegalArgumentException("runOnce (--runonce): this mode was removed; leave it out");
        }
        if (!configuration.text("cgroupDriver").equals("cgroupfs")) {
            throw new IllegalArgumentException("cgroupDriver (--cgroup-driver) " + configuration.text("cgroupDriver")
                    + ": control groups are made by the driver cgroupfs only; set it here, and SystemdCgroup = false in the runtime's configuration");
        }
        if (configuration.flag("failSwapOn") && Files.readAllLines(Path.of("/proc/swaps")).size() > 1) {
            throw new IllegalArgumentException("running with swap on is not supported, please disable swap or set --fail-swap-on flag to false");
        }
        if (configuration.flag("failCgroupV1") && !Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"))) {
            throw new IllegalArgumentException("kubelet is configured to not run on a host using cgroup v1 (failCgroupV1); this host does");
        }
    }

    private Path certificates() {
        boolean moved = configuration.isSet("--root-dir") && !configuration.isSet("--cert-dir");
        return moved ? Path.of(configuration.text("--root-dir"), "pki") : Path.of(configuration.text("--cert-dir"));
    }

    /// The certificate that is given, or signed by the cluster, or by an authority of our own.
    private Supplier<TlsIdentity> serving(HttpsClient client) throws IOException {
        String certificate = configuration.text("tlsCertFile");
        String key = configuration.text("tlsPrivateKeyFile");
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException("tlsCertFile and tlsPrivateKeyFile (--tls-cert-file, --tls-private-key-file) go together: give both, or none");
        }
        if (!certificate.isEmpty()) {
            TlsIdentity given = TlsIdentity.fromPem(Files.readString(Path.of(certificate)), Files.readString(Path.of(key)));
            return () -> given;
        }
        Set<String> names = new TreeSet<>(addresses);
        names.add(node);
        PkiFolder folder = PkiFolder.open(certificates());
        TlsIdentity own = folder.leaf("kubelet", folder.authority("kubelet-ca", node + "-ca", timeline.now()), CertificateOrder.server(node, names), timeline.now()).identity();
        if (!configuration.flag("serverTLSBootstrap")) {
            return () -> own;
        }
        SignedCertificate signed = new SignedCertificate(certificates(), "kubelet-server", "kubernetes.io/kubelet-serving",
                CertificateOrder.server("system:node:" + node, names).in("system:nodes"), timeline);
        part(renewing(signed, client));
        return () -> {
            TlsIdentity current = signed.current();
            return current == null ? own : current;
        };
    }

    private Supplier<List<X509Certificate>> clientAuthorities() throws IOException {
        String file = configuration.text("authentication.x509.clientCAFile");
        List<X509Certificate> authorities = file.isEmpty() ? List.of() : Pem.certificates(Files.readString(Path.of(file)));
        return () -> authorities;
    }

    /// A task that asks for a new certificate when the current one is old, or there is none.
    private Task renewing(SignedCertificate certificate, HttpsClient client) {
        return timeline.start("certificate " + certificate.file().getFileName(), () -> {
            while (true) {
                try {
                    if (!timeline.now().isBefore(certificate.renewalTime())) {
                        certificate.obtain(client);
                    }
                    timeline.sleep(RENEWAL_LOOK);
                } catch (IOException | RuntimeException e) {
                    LOG.error("The certificate {} cannot be renewed, trying again: {}", certificate.file(), e.getMessage());
                    timeline.sleep(RETRY);
                }
            }
        });
    }

    private static List<String> addresses(String given) throws IOException {
        if (given.isEmpty() || given.equals("0.0.0.0") || given.equals("::")) {
            return List.of(HostAddresses.primary().getHostAddress());
        }
        List<String> addresses = Arrays.stream(given.split(",")).map(String::strip).toList();
        for (String address : addresses) {
            try {
                java.net.InetAddress.ofLiteral(address);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("bad --node-ip \"" + given + "\": " + address + " is no IP address", e);
            }
        }
        return addresses;
    }

    private <T extends AutoCloseable> T part(T started) {
        parts.push(started);
        return started;
    }

    public String node() {
        return node;
    }

    /// The port of the HTTPS API.
    public int port() {
        return kubelet.port();
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("{} did not close", part.getClass().getSimpleName(), e);
            }
        }
    }
}
