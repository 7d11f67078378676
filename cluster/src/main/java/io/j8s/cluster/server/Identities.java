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

/// The API as seen by each component of the process, under the name that upstream's has, so that owners and audits say who it was. All are in `system:masters`
/// beside: they share the process, and so the rights, of the API server. What a node may change is still restricted to what is its own (NodeRestriction).
final class Identities implements AutoCloseable {
    private final ApiServer server;
    private final String address;
    private final HttpsClient https;

    Identities(ApiServer server, ClusterPki pki, EventLoops loops, Timeline timeline) {
        this.server = server;
        this.address = "https://127.0.0.1:" + server.port();
        ClientTls tls = ClientTls.trusting(List.of(pki.authority().certificate())).as(() -> pki.admin().identity());
        this.https = new HttpsClient(ApiEndpoint.of(URI.create(address), tls, Credentials.NONE), loops, timeline);
    }

    /// Where this host reaches the API.
    String address() {
        return address;
    }

    Client admin() {
        return server.client(User.of("kubernetes-admin", User.MASTERS, User.AUTHENTICATED), "j8s");
    }

    /// A component of the control plane, such as `system:kube-scheduler`.
    Client component(String user) {
        return server.client(User.of(user, User.MASTERS, User.AUTHENTICATED), user.substring(user.lastIndexOf(':') + 1));
    }

    /// A controller, with a service account of its own.
    Client controller(String name) {
        return server.client(User.of("system:serviceaccount:kube-system:" + name, User.MASTERS, "system:serviceaccounts", "system:serviceaccounts:kube-system", User.AUTHENTICATED), name);
    }

    /// A node's kubelet.
    Client node(String name) {
        return server.client(User.of("system:node:" + name, User.MASTERS, "system:nodes", User.AUTHENTICATED), "kubelet");
    }

    /// What is served, asked as the administrator.
    Discovery discovery() {
        return https;
    }

    @Override
    public void close() {
        https.close();
    }
}
