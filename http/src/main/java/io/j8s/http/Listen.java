package io.j8s.http;

import java.nio.file.Path;

/// Where a server listens.
public sealed interface Listen {

    /// @param host an address or name of this machine; empty or `0.0.0.0` for all
    /// @param port 0: any free one
    /// @param shared whether other processes may listen there, too (SO_REUSEPORT): the kernel spreads connections over them
    record Tcp(String host, int port, boolean shared) implements Listen {

        /// A place of its own.
        public Tcp(String host, int port) {
            this(host, port, false);
        }
    }

    /// A Unix socket. A socket file that nobody listens on any more is replaced; the new one is only for its owner.
    record Unix(Path path) implements Listen {}
}
