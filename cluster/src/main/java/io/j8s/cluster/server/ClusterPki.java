package io.j8s.cluster.server;

import io.j8s.cluster.pki.CertificateOrder;
import io.j8s.cluster.pki.Credential;
import io.j8s.cluster.pki.PkiFolder;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which certificates a cluster has, and that they never expire while it runs: every so often each is looked at, and replaced at two thirds of its life.
/// What is asked for is always the newest; any thread.
public final class ClusterPki implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterPki.class);
    private static final Duration LOOK_AGAIN = Duration.ofHours(6);

    private final PkiFolder folder;
    private final Timeline timeline;
    private final ServerSettings settings;
    private final Credential authority;
    private final Credential frontProxyAuthority;
    private final KeyPair serviceAccountKeys;
    private final Task renewal;
    private volatile Leaves leaves;

    private record Leaves(Credential apiServer, Credential kubeletClient, Credential frontProxyClient, Credential admin, Credential kubelet) {}

    /// Makes what is missing.
    ClusterPki(ServerSettings settings, Timeline timeline) {
        this.settings = settings;
        this.timeline = timeline;
        Instant now = timeline.now();
        folder = PkiFolder.open(settings.directory().pki(), settings.durable());
        authority = folder.authority("ca", "kubernetes", now);
        frontProxyAuthority = folder.authority("front-proxy-ca", "front-proxy-ca", now);
        serviceAccountKeys = folder.signingKeys("sa");
        leaves = leavesNow();
        renewal = timeline.start("certificate renewal", this::renew);
    }

    /// The cluster's authority: signs servers and clients.
    public Credential authority() {
        return authority;
    }

    /// Signs the proxy that speaks for other users to extension API servers.
    public Credential frontProxyAuthority() {
        return frontProxyAuthority;
    }

    public KeyPair serviceAccountKeys() {
        return serviceAccountKeys;
    }

    /// What the API server shows to its clients.
    public Credential apiServer() {
        return leaves.apiServer;
    }

    /// What the API server shows to kubelets.
    public Credential kubeletClient() {
        return leaves.kubeletClient;
    }

    /// What the API server shows to extension API servers.
    public Credential frontProxyClient() {
        return leaves.frontProxyClient;
    }

    public Credential admin() {
        return leaves.admin;
    }

    /// What this host's kubelet shows to its clients; it names the node and its addresses.
    public Credential kubelet() {
        return leaves.kubelet;
    }

    private void renew() throws InterruptedException {
        while (true) {
            timeline.sleep(LOOK_AGAIN);
            Leaves before = leaves;
            leaves = leavesNow();
            if (!leaves.equals(before)) {
                LOG.info("Certificates were renewed before their end");
            }
        }
    }

    private Leaves leavesNow() {
        Instant now = timeline.now();
        Set<String> nodeNames = new TreeSet<>(HostAddresses.all());
        nodeNames.add("127.0.0.1"); // the node's address where there is no other
        nodeNames.add(settings.nodeName());
        return new Leaves(
                folder.leaf("apiserver", authority, CertificateOrder.server("kube-apiserver", serverNames()), now),
                folder.leaf("apiserver-kubelet-client", authority, CertificateOrder.client("kube-apiserver-kubelet-client", "kubeadm:cluster-admins"), now),
                folder.leaf("front-proxy-client", frontProxyAuthority, CertificateOrder.client("front-proxy-client"), now),
                folder.leaf("admin", authority, CertificateOrder.client("kubernetes-admin", "system:masters"), now),
                folder.leaf("kubelet", authority, CertificateOrder.server("system:node:" + settings.nodeName(), nodeNames).in("system:nodes"), now));
    }

    private Set<String> serverNames() {
        Networks networks = settings.networks();
        Set<String> names = new TreeSet<>(List.of("kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc." + networks.domain(),
                "localhost", "127.0.0.1", "::1", networks.apiServiceAddress(), settings.nodeName()));
        names.addAll(HostAddresses.all());
        names.addAll(settings.tlsNames());
        return names;
    }

    @Override
    public void close() {
        renewal.close();
    }
}
