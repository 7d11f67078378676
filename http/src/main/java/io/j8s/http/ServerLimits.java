package io.j8s.http;

import java.time.Duration;

/// What one client, and all together, may take of a server.
///
/// @param headerBytes request line and header fields together; more is answered with 431
/// @param bodyBytes a request's body; reading past it throws [BodyTooLargeException]
/// @param streamsPerConnection concurrent HTTP/2 requests on a connection
/// @param connections connections at a time; further ones are closed at once
/// @param handshake from the connection's start to the end of the TLS handshake
/// @param header from a request's first byte to the end of its header (against clients that trickle)
/// @param idle a connection without a request under way is closed after it
/// @param stall a blocked write fails after the peer has taken nothing for so long
public record ServerLimits(
        int headerBytes, long bodyBytes, int streamsPerConnection, int connections, Duration handshake, Duration header, Duration idle, Duration stall) {

    public static final ServerLimits DEFAULT = new ServerLimits(
            256 * 1024, Long.MAX_VALUE, 1000, 50_000, Duration.ofSeconds(10), Duration.ofSeconds(32), Duration.ofSeconds(90), Duration.ofMinutes(2));

    public ServerLimits {
        if (headerBytes < 1024 || bodyBytes < 0 || streamsPerConnection < 1 || connections < 1) {
            throw new IllegalArgumentException("limits must be positive, and the header at least 1024 bytes: " + headerBytes + ", " + bodyBytes + ", "
                    + streamsPerConnection + ", " + connections);
        }
    }

    public ServerLimits withHeaderBytes(int bytes) {
        return new ServerLimits(bytes, bodyBytes, streamsPerConnection, connections, handshake, header, idle, stall);
    }

    public ServerLimits withBodyBytes(long bytes) {
        return new ServerLimits(headerBytes, bytes, streamsPerConnection, connections, handshake, header, idle, stall);
    }

    public ServerLimits withStreamsPerConnection(int streams) {
        return new ServerLimits(headerBytes, bodyBytes, streams, connections, handshake, header, idle, stall);
    }

    public ServerLimits withConnections(int most) {
        return new ServerLimits(headerBytes, bodyBytes, streamsPerConnection, most, handshake, header, idle, stall);
    }

    public ServerLimits withTimeouts(Duration newHandshake, Duration newHeader, Duration newIdle, Duration newStall) {
        return new ServerLimits(headerBytes, bodyBytes, streamsPerConnection, connections, newHandshake, newHeader, newIdle, newStall);
    }
}
