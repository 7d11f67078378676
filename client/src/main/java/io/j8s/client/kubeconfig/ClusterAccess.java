package io.j8s.client.kubeconfig;

import io.j8s.client.https.ApiEndpoint;
import io.j8s.client.https.Credentials;
import io.j8s.client.https.TokenFile;
import io.j8s.client.kubeconfig.Kubeconfig.Cluster;
import io.j8s.client.kubeconfig.Kubeconfig.Context;
import io.j8s.client.kubeconfig.Kubeconfig.User;
import io.j8s.http.ClientTls;
import io.j8s.http.Pem;
import io.j8s.http.TlsIdentity;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How to reach a cluster as somebody, and in which namespace by default.
///
/// @param namespace `default` when the context names none
public record ClusterAccess(ApiEndpoint endpoint, String namespace) {

    private static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    /// What a kubeconfig says.
    ///
    /// @param contextName empty: the current one
    /// @param environment what credential plugins inherit
    /// @throws KubeconfigException when something that the context needs is missing or malformed
    public static ClusterAccess of(Kubeconfig config, String contextName, Map<String, String> environment, Timeline timeline) {
        String name = contextName.isEmpty() ? config.currentContext() : contextName;
        Context context = config.context(name);
        Cluster cluster = config.clusters().get(context.cluster());
        if (cluster == null) {
            throw new KubeconfigException("context \"" + name + "\" refers to cluster \"" + context.cluster() + "\", which is not in the kubeconfig; there are " + config.clusters().keySet());
        }
        User user = config.users().get(context.user());
        if (user == null && !context.user().isEmpty()) {
            throw new KubeconfigException("context \"" + name + "\" refers to user \"" + context.user() + "\", which is not in the kubeconfig; there are " + config.users().keySet());
        }
        if (!cluster.proxyUrl().isEmpty()) {
            throw new KubeconfigException("cluster \"" + context.cluster() + "\" has proxy-url " + cluster.proxyUrl() + ", which is not supported; remove it");
        }
        ClientTls tls = tls(context.cluster(), cluster);
        Credentials credentials = Credentials.NONE;
        ApiEndpoint.Impersonation as = ApiEndpoint.Impersonation.NONE;
        if (user != null) {
            tls = tls.as(identity(context.user(), user, timeline));
            credentials = credentials(context, cluster, user, environment, timeline);
            as = new ApiEndpoint.Impersonation(user.as().user(), user.as().uid(), user.as().groups(), user.as().extra());
        }
        ApiEndpoint endpoint = ApiEndpoint.of(server(context.cluster(), cluster), tls, credentials).as(as);
        return new ClusterAccess(endpoint, context.namespace().isEmpty() ? "default" : context.namespace());
    }

    /// What the cluster gives to each pod: its service account.
    ///
    /// @param root the file system's root; another one in tests
    /// @throws KubeconfigException when this is no pod
    public static ClusterAccess inCluster(Map<String, String> environment, Path root, Timeline timeline) {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "");
        if (host.isEmpty() || port.isEmpty()) {
            throw new KubeconfigException("not in a pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set; give a kubeconfig");
        }
        Path directory = root.resolve(SERVICE_ACCOUNT.toString().substring(1));
        ClientTls tls = ClientTls.trusting(certificates("the service account", read(directory.resolve("ca.crt"))));
        URI server = URI.create("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
        Path namespace = directory.resolve("namespace");
        return new ClusterAccess(
                ApiEndpoint.of(server, tls, new TokenFile(directory.resolve("token"), timeline)), Files.exists(namespace) ? read(namespace).strip() : "default");
    }

    private static URI server(String name, Cluster cluster) {
        String server = cluster.server().isEmpty() ? "http://localhost:8080" : cluster.server();
        try {
            URI uri = URI.create(server.contains("://") ? server : "http://" + server);
            if (uri.getHost() == null) {
                throw new IllegalArgumentException("no host");
            }
            return uri;
        } catch (IllegalArgumentException e) {
            throw new KubeconfigException("cluster \"" + name + "\": server \"" + server + "\" is no address such as https://host:6443: " + e.getMessage(), e);
        }
    }

    private static ClientTls tls(String name, Cluster cluster) {
        if (cluster.insecure()) {
            return ClientTls.INSECURE.withServerName(cluster.tlsServerName());
        }
        List<X509Certificate> authorities = List.of();
        if (!cluster.authorityData().isEmpty()) {
            authorities = certificates("cluster \"" + name + "\", certificate-authority-data", decoded("cluster \"" + name + "\", certificate-authority-data", cluster.authorityData()));
        } else if (!cluster.authority().isEmpty()) {
            authorities = certificates("cluster \"" + name + "\", certificate-authority " + cluster.authority(), read(Path.of(cluster.authority())));
        }
        return ClientTls.trusting(authorities).withServerName(cluster.tlsServerName());
    }

    private static Supplier<@Nullable TlsIdentity> identity(String name, User user, Timeline timeline) {
        boolean certificate = !user.certificate().isEmpty() || !user.certificateData().isEmpty();
        boolean key = !user.key().isEmpty() || !user.keyData().isEmpty();
        if (certificate != key) {
            throw new KubeconfigException("user \"" + name + "\" has a client " + (certificate ? "certificate but no client key" : "key but no client certificate"));
        }
        if (!certificate) {
            return () -> null;
        }
        if (!user.certificateData().isEmpty() && !user.keyData().isEmpty()) {
            TlsIdentity fixed = identity(name, decoded("user \"" + name + "\", client-certificate-data", user.certificateData()), decoded("user \"" + name + "\", client-key-data", user.keyData()));
            return () -> fixed;
        }
        IdentityFiles files = new IdentityFiles(name, user, timeline);
        files.get();
        return files;
    }

    static TlsIdentity identity(String name, String certificate, String key) {
        try {
            return TlsIdentity.fromPem(certificate, key);
        } catch (IllegalArgumentException e) {
            throw new KubeconfigException("user \"" + name + "\": the client certificate or key is unusable: " + e.getMessage(), e);
        }
    }

    private static Credentials credentials(Context context, Cluster cluster, User user, Map<String, String> environment, Timeline timeline) {
        if (!user.authProvider().isEmpty()) {
            throw new KubeconfigException("user \"" + context.user() + "\" has auth-provider \"" + user.authProvider() + "\", a kind that Kubernetes has removed; use an exec plugin");
        }
        Kubeconfig.Exec exec = user.exec();
        if (exec != null) {
            return new ExecCredentials(context.user(), exec, cluster, environment, timeline);
        }
        if (!user.tokenFile().isEmpty()) {
            return new TokenFile(Path.of(user.tokenFile()), timeline);
        }
        if (!user.token().isEmpty()) {
            return Credentials.bearer(user.token());
        }
        return user.username().isEmpty() ? Credentials.NONE : Credentials.basic(user.username(), user.password());
    }

    private static List<X509Certificate> certificates(String what, String pem) {
        try {
            return Pem.certificates(pem);
        } catch (IllegalArgumentException e) {
            throw new KubeconfigException(what + ": " + e.getMessage(), e);
        }
    }

    static String decoded(String what, String base64) {
        try {
            return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new KubeconfigException(what + " is not base64: " + e.getMessage(), e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new KubeconfigException("cannot read " + file + ": " + e, e);
        }
    }
}
