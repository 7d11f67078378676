package io.j8s.cluster.node;

import io.j8s.client.https.ApiEndpoint;
import io.j8s.client.https.HttpsClient;
import io.j8s.client.kubeconfig.ClusterAccess;
import io.j8s.client.kubeconfig.Kubeconfig;
import io.j8s.client.kubeconfig.KubeconfigException;
import io.j8s.client.kubeconfig.KubeconfigFiles;
import io.j8s.cluster.pki.PrivateFile;
import io.j8s.http.EventLoops;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// How a node agent comes to its kubeconfig (Kubernetes documentation, "TLS bootstrapping"): with one that may only ask for a certificate, it asks for one of its own, and writes a
/// kubeconfig that shows it.
final class Bootstrap {
    private final Map<String, String> environment;
    private final Path home;
    private final Timeline timeline;
    private final EventLoops loops;

    Bootstrap(Map<String, String> environment, Path home, EventLoops loops, Timeline timeline) {
        this.environment = environment;
        this.home = home;
        this.loops = loops;
        this.timeline = timeline;
    }

    /// The API as the kubeconfig says, which is made first when it is not there, or its certificate has ended.
    ///
    /// @param bootstrap the kubeconfig for asking; empty: none
    ApiEndpoint access(Path kubeconfig, String bootstrap, SignedCertificate certificate) throws IOException, InterruptedException {
        if (!bootstrap.isEmpty() && (!Files.exists(kubeconfig) || (refersTo(kubeconfig, certificate) && certificate.current() == null))) {
            Kubeconfig asking = load(Path.of(bootstrap));
            try (HttpsClient client = new HttpsClient(endpoint(asking), loops, timeline)) {
                certificate.obtain(client);
            }
            write(kubeconfig, asking, certificate.file());
        }
        return endpoint(load(kubeconfig));
    }

    private Kubeconfig load(Path file) {
        if (!Files.exists(file)) {
            throw new KubeconfigException(file + ": there is no such kubeconfig; name one with --kubeconfig, or one that may ask for a certificate with --bootstrap-kubeconfig");
        }
        return KubeconfigFiles.find(file.toString(), environment, home, timeline).load();
    }

    private ApiEndpoint endpoint(Kubeconfig config) {
        return ClusterAccess.of(config, "", environment, timeline).endpoint().withUserAgent("kubelet");
    }

    private static boolean refersTo(Path kubeconfig, SignedCertificate certificate) throws IOException {
        return Files.readString(kubeconfig).contains(certificate.file().toString());
    }

    private static void write(Path file, Kubeconfig asking, Path certificate) throws IOException {
        Kubeconfig.Cluster cluster = asking.clusters().get(asking.context(asking.currentContext()).cluster());
        if (cluster == null) {
            throw new KubeconfigException("the bootstrap kubeconfig's context names no cluster");
        }
        String authority = !cluster.authorityData().isEmpty() ? "    certificate-authority-data: " + cluster.authorityData() + "\n"
                : !cluster.authority().isEmpty() ? "    certificate-authority: " + cluster.authority() + "\n"
                : cluster.insecure() ? "    insecure-skip-tls-verify: true\n" : "";
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        PrivateFile.write(file, """
                apiVersion: v1
                kind: Config
                clusters:
                - name: default-cluster
                  cluster:
                    server: %1$s
                %2$scontexts:
                - name: default-context
                  context:
                    cluster: default-cluster
                    namespace: default
                    user: default-auth
                current-context: default-context
                users:
                - name: default-auth
                  user:
                    client-certificate: %3$s
                    client-key: %3$s
                """.formatted(cluster.server(), authority, certificate));
    }
}
