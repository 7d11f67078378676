package io.j8s.http;

/// A connection of a client. The pool calls [#reserve] for each request it is going to start there.
interface ClientConnection {

    /// Takes one place for a request; answers false when there is none, or the connection takes no more.
    boolean reserve();

    /// Starts a request on a reserved place. Never blocks.
    void start(ClientExchange exchange);

    /// Takes no further requests; closes when those under way are done.
    void retire();

    /// Closes at once.
    void close();

    boolean http2();

    /// Whether it may ever take a request again.
    boolean alive();
}
