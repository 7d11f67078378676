package io.j8s.apiserver.streaming;

import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.status.Refusal;
import io.j8s.http.ClientConfig;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.HttpClient;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeAddress;
import io.j8s.runtime.Timeline;
import java.net.URI;

/// Where the cluster's kubelets are, and the clients that reach them. Any thread.
final class Kubelets implements AutoCloseable {

    /// A kubelet of Kubernetes 1.36 that declares it takes WebSockets for all its streams (KEP-4006).
    private static final String TAKES_WEB_SOCKETS = "ExtendWebSocketsToKubelet";

    private final KubeletSettings settings;
    private final ClusterState state;
    private final HttpClient verified;
    private final HttpClient unverified;

    Kubelets(KubeletSettings settings, ClusterState state, EventLoops loops, Timeline timeline) {
        this.settings = settings;
        this.state = state;
        this.unverified = new HttpClient(loops, ClientConfig.of(ClientTls.INSECURE.as(settings.identity())), timeline);
        this.verified = settings.authorities().isEmpty()
                ? unverified
                : new HttpClient(loops, ClientConfig.of(ClientTls.trusting(settings.authorities()).as(settings.identity())), timeline);
    }

    /// The address of a node's kubelet, without a path.
    URI address(String nodeName) {
        Node node = node(nodeName);
        int port = node.status().daemonEndpoints().kubeletEndpoint().Port();
        if (port == 0) {
            throw Refusal.unavailable("node \"" + nodeName + "\" has no kubelet that could be asked: it is a simulated one, or its kubelet has not reported yet"
                    + " (status.daemonEndpoints.kubeletEndpoint.Port is not set)");
        }
        return URI.create("https://" + bracketed(host(node)) + ":" + port);
    }

    /// The address under which a node is reached: the first of the preferred types that it has.
    String host(Node node) {
        for (String type : settings.addressTypes()) {
            for (NodeAddress address : node.status().addresses()) {
                if (address.type().equals(type)) {
                    return address.address();
                }
            }
        }
        throw Refusal.unavailable("node \"" + node.metadata().name() + "\" has none of the addresses " + settings.addressTypes() + " in status.addresses");
    }

    boolean takesWebSockets(String nodeName) {
        return node(nodeName).status().declaredFeatures().contains(TAKES_WEB_SOCKETS);
    }

    /// @param checkingCertificates false when the user asked for it and no certificate is to be checked
    HttpClient client(boolean checkingCertificates) {
        return checkingCertificates ? verified : unverified;
    }

    private Node node(String name) {
        Node node = state.get(Node.RESOURCE, "", name);
        if (node == null) {
            throw Refusal.notFound("", "nodes", name);
        }
        return node;
    }

    static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    @Override
    public void close() {
        verified.close();
        unverified.close();
    }
}
