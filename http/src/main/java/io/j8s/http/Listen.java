package io.j8s.http;

import java.nio.file.Path;

/// Where a server listens.
public sealed interface Listen {

    /// @param host an address or name of this machine; empty or `0.0.0.0` for all
    /// @param port 0: any free one
    record Tcp(String host, int port) implements Listen {}

    /// A Unix socket. A socket file that nobody listens on any more is replaced; the new one is only for its owner.
    record Unix(Path path) implements Listen {}
}
