package io.j8s.cluster.server;

import io.j8s.client.Client;
import io.j8s.client.https.ApiEndpoint;
import io.j8s.client.https.Credentials;
import io.j8s.client.https.HttpsClient;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.runtime.Timeline;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// The API as seen by each component: a client for each identity.
final class Identities implements AutoCloseable {
    private final ApiEndpoint endpoint;
    private final EventLoops loops;
    private final Timeline timeline;
    private final Deque<HttpsClient> clients = new ArrayDeque<>();
    private final HttpsClient admin;

    Identities(int port, ClusterPki pki, EventLoops loops, Timeline timeline) {
        this.loops = loops;
        this.timeline = timeline;
        ClientTls tls = ClientTls.trusting(List.of(pki.authority().certificate())).as(() -> pki.admin().identity());
        this.endpoint = ApiEndpoint.of(URI.create("https://127.0.0.1:" + port), tls, Credentials.NONE);
        this.admin = open(endpoint);
    }

    String address() {
        return endpoint.server().toString();
    }

    HttpsClient admin() {
        return admin;
    }

    /// A client that acts as this user.
    synchronized Client of(String user, String... groups) {
        return open(endpoint.as(new ApiEndpoint.Impersonation(user, "", List.of(groups), Map.of())).withUserAgent(user.substring(user.lastIndexOf(':') + 1)));
    }

    private HttpsClient open(ApiEndpoint to) {
        HttpsClient client = new HttpsClient(to, loops, timeline);
        clients.push(client);
        return client;
    }

    @Override
    public synchronized void close() {
        clients.forEach(HttpsClient::close);
    }
}
