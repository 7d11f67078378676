package io.j8s.http;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a client connects.
///
/// @param unixSocket connect to this socket, whatever host the URI names; null: over TCP
/// @param http1Only never offer HTTP/2 (for upgrades it is not offered anyway)
/// @param connections the most connections to one host
/// @param connect for connecting and the TLS handshake together
/// @param stall a blocked write fails after the server has taken nothing for so long
/// @param idle a connection without requests is closed after it
/// @param ping an HTTP/2 connection with requests under way that brought nothing for so long is asked for a sign of life, and given up when none comes within half of it
/// @param headerBytes the most bytes of an answer's header
public record ClientConfig(
        ClientTls tls, @Nullable Path unixSocket, boolean http1Only, int connections, Duration connect, Duration stall, Duration idle, Duration ping, int headerBytes) {

    public static final ClientConfig DEFAULT = new ClientConfig(
            ClientTls.SYSTEM, null, false, 1000, Duration.ofSeconds(10), Duration.ofMinutes(2), Duration.ofSeconds(90), Duration.ofSeconds(30), 1024 * 1024);

    public static ClientConfig of(ClientTls tls) {
        return new ClientConfig(tls, null, false, DEFAULT.connections, DEFAULT.connect, DEFAULT.stall, DEFAULT.idle, DEFAULT.ping, DEFAULT.headerBytes);
    }

    public static ClientConfig unix(Path socket) {
        return new ClientConfig(ClientTls.SYSTEM, socket, true, DEFAULT.connections, DEFAULT.connect, DEFAULT.stall, DEFAULT.idle, DEFAULT.ping, DEFAULT.headerBytes);
    }

    public ClientConfig overHttp1() {
        return new ClientConfig(tls, unixSocket, true, connections, connect, stall, idle, ping, headerBytes);
    }

    public ClientConfig withTimeouts(Duration newConnect, Duration newStall, Duration newIdle, Duration newPing) {
        return new ClientConfig(tls, unixSocket, http1Only, connections, newConnect, newStall, newIdle, newPing, headerBytes);
    }

    public ClientConfig withConnections(int most) {
        return new ClientConfig(tls, unixSocket, http1Only, most, connect, stall, idle, ping, headerBytes);
    }
}
