package io.j8s.client.https;

import io.j8s.http.ClientTls;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// An API server, and how to speak to it.
///
/// @param server its address; a path in it precedes all others (`https://host:6443/clusters/a`)
/// @param tls whom to trust; the client certificate here is used unless the credentials bring one
/// @param impersonate act as somebody else; [Impersonation#NONE]: as oneself
/// @param userAgent sent with each request
/// @param protobuf whether built-in types are exchanged as protobuf; all others are JSON
/// @param timeout until an answer's header has come; for watches too
public record ApiEndpoint(URI server, ClientTls tls, Credentials credentials, Impersonation impersonate, String userAgent, boolean protobuf, Duration timeout) {

    private static final Duration TIMEOUT = Duration.ofSeconds(75); // the server's own limit is 60

    /// Who to act as (`Impersonate-*` headers). Empty strings mean not set.
    public record Impersonation(String user, String uid, List<String> groups, Map<String, List<String>> extra) {
        public static final Impersonation NONE = new Impersonation("", "", List.of(), Map.of());

        public Impersonation {
            groups = List.copyOf(groups);
            extra = Map.copyOf(extra);
        }
    }

    public static ApiEndpoint of(URI server, ClientTls tls, Credentials credentials) {
        return new ApiEndpoint(server, tls, credentials, Impersonation.NONE, "j8s", true, TIMEOUT);
    }

    public ApiEndpoint at(URI other) {
        return new ApiEndpoint(other, tls, credentials, impersonate, userAgent, protobuf, timeout);
    }

    public ApiEndpoint with(Credentials other) {
        return new ApiEndpoint(server, tls, other, impersonate, userAgent, protobuf, timeout);
    }

    public ApiEndpoint with(ClientTls other) {
        return new ApiEndpoint(server, other, credentials, impersonate, userAgent, protobuf, timeout);
    }

    public ApiEndpoint as(Impersonation other) {
        return new ApiEndpoint(server, tls, credentials, other, userAgent, protobuf, timeout);
    }

    public ApiEndpoint withUserAgent(String name) {
        return new ApiEndpoint(server, tls, credentials, impersonate, name, protobuf, timeout);
    }

    public ApiEndpoint inJson() {
        return new ApiEndpoint(server, tls, credentials, impersonate, userAgent, false, timeout);
    }

    public ApiEndpoint within(Duration limit) {
        return new ApiEndpoint(server, tls, credentials, impersonate, userAgent, protobuf, limit);
    }
}
