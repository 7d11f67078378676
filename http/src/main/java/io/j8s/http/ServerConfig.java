package io.j8s.http;

import org.jspecify.annotations.Nullable;

/// What a server needs to know before it starts.
///
/// @param tls null: plaintext (HTTP/1.1, and HTTP/2 for clients that begin with its preface), for loopback ports and Unix sockets
public record ServerConfig(Listen listen, @Nullable ServerTls tls, ServerLimits limits) {

    public static ServerConfig https(String host, int port, ServerTls tls) {
        return new ServerConfig(new Listen.Tcp(host, port), tls, ServerLimits.DEFAULT);
    }

    public static ServerConfig plaintext(String host, int port) {
        return new ServerConfig(new Listen.Tcp(host, port), null, ServerLimits.DEFAULT);
    }

    public static ServerConfig unix(java.nio.file.Path path) {
        return new ServerConfig(new Listen.Unix(path), null, ServerLimits.DEFAULT);
    }

    public ServerConfig withLimits(ServerLimits newLimits) {
        return new ServerConfig(listen, tls, newLimits);
    }
}
