package io.j8s.cluster.server;

import io.j8s.apiserver.ApiServer;
import io.j8s.apiserver.authentication.User;
import io.j8s.client.Client;
import io.j8s.client.Discovery;
import io.j8s.client.https.ApiEndpoint;
import io.j8s.client.https.Credentials;
import io.j8s.client.https.HttpsClient;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.runtime.Timeline;
import java.net.URI;
import java.util.List;

/// The API as seen by each component of the process: under the name that upstream's has and with no more than its rights, as if it came over the network. So owners and
/// audits say who it was, and a fault of one component cannot do what only another may.
final class Identities implements AutoCloseable {
    private final ApiServer server;
    private final String address;
    private final Client remote;
    private final Runnable end;

    /// Of a server that only this process reaches.
    Identities(ApiServer server) {
        this.server = server;
        this.address = "";
        this.remote = admin();
        this.end = () -> { };
    }

    Identities(ApiServer server, ClusterPki pki, EventLoops loops, Timeline timeline) {
        this.server = server;
        this.address = "https://127.0.0.1:" + server.port();
        ClientTls tls = ClientTls.trusting(List.of(pki.authority().certificate())).as(() -> pki.admin().identity());
        HttpsClient https = new HttpsClient(ApiEndpoint.of(URI.create(address), tls, Credentials.NONE), loops, timeline);
        this.remote = https;
        this.end = https::close;
    }

    /// Where this host reaches the API.
    String address() {
        return address;
    }

    Client admin() {
        return server.client(User.of("kubernetes-admin", User.MASTERS, User.AUTHENTICATED), "j8s");
    }

    /// The API server's own.
    Client apiServer() {
        return apiServer(server);
    }

    static Client apiServer(ApiServer server) {
        return server.client(User.of("system:apiserver", User.MASTERS, User.AUTHENTICATED), "kube-apiserver");
    }

    /// A component of the control plane, such as `system:kube-scheduler`.
    Client component(String user) {
        return server.client(User.of(user, User.AUTHENTICATED), user.substring(user.lastIndexOf(':') + 1));
    }

    /// A controller, as its service account where it has one, as upstream's with `--use-service-account-credentials`.
    ///
    /// @param account empty: the controller manager's own identity
    Client controller(String account) {
        return account.isEmpty() ? component("system:kube-controller-manager") : serviceAccount(account, "kube-controller-manager");
    }

    /// A service account of kube-system.
    Client serviceAccount(String account, String name) {
        return server.client(User.of("system:serviceaccount:kube-system:" + account, "system:serviceaccounts", "system:serviceaccounts:kube-system", User.AUTHENTICATED), name);
    }

    /// A node's kubelet.
    Client node(String name) {
        return server.client(User.of("system:node:" + name, "system:nodes", User.AUTHENTICATED), "kubelet");
    }

    /// Over HTTPS where the server is served, as the administrator: reaches what aggregated servers serve, too.
    Client remote() {
        return remote;
    }

    /// What is served, by this server and by those behind it.
    Discovery discovery() {
        return server.discovery();
    }

    @Override
    public void close() {
        end.run();
    }
}
