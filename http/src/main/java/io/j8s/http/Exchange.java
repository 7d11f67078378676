package io.j8s.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// One request and its answer. Used by one thread at a time (except [#onClose], [#closed], [#reset]).
///
/// The answer is either [#answer(int, Headers, byte[])] in one piece, or [#begin] followed by writes to the [BodyWriter], or an upgrade.
public interface Exchange {

    /// The method, in upper case as sent.
    String method();

    /// The path as sent, still percent-encoded, without the query.
    String path();

    /// The query as sent, without the `?`; empty when there is none.
    String query();

    /// `HTTP/1.1` or `HTTP/2`.
    String protocol();

    /// Host and port that the client asked for; empty when it did not say.
    String authority();

    Headers headers();

    SocketAddress remoteAddress();

    SocketAddress localAddress();

    /// The client's verified-by-possession certificate chain, leaf first; empty without one. Trust is decided by the caller:
    /// the edge asks for a certificate, checks that the peer holds its key, and never refuses an unknown issuer by itself.
    List<X509Certificate> peerCertificates();

    /// The request's body; reads block until bytes are there, and apply back-pressure to the sender. Throws [BodyTooLargeException] past the server's limit,
    /// and [IOException] when the client goes away. [InputStream#readAllBytes] makes one array and one copy.
    InputStream body() throws IOException;

    /// The request's body with a smaller limit than the server's: reads past it throw [BodyTooLargeException], and so does this when the announced length is larger.
    InputStream body(long limit) throws IOException;

    /// Things to remember as long as the connection lives, under keys of the caller's: what is costly to work out for each request, such as who the
    /// certificate stands for. Safe for the threads of all exchanges of the connection.
    ConcurrentMap<Object, Object> connectionState();

    /// Answers in one piece, with a content length. The array must not change afterwards: it is not copied, and may still be under way after this returns.
    void answer(int status, Headers headers, byte[] body) throws IOException;

    /// Begins an answer whose length is not known yet (or is, by a `content-length` header). Status and headers leave with the first flush.
    BodyWriter begin(int status, Headers headers) throws IOException;

    /// Switches this exchange to a byte stream both ways: HTTP/1.1 status 101 with `connection: Upgrade` and the given headers, of which one names the
    /// protocol (`upgrade: SPDY/3.1`). On HTTP/2 it throws [java.net.ProtocolException]: check [#upgradable] first.
    /// From here on the client's end shows as the end of the stream and in [#onClose]; the handler's thread is no longer interrupted. The stream is closed when the handler returns.
    ByteStream upgrade(Headers headers) throws IOException;

    /// Accepts the WebSocket handshake with the given subprotocol (null: none), which must be one of those offered in `sec-websocket-protocol`.
    WebSocket acceptWebSocket(@Nullable String subprotocol) throws IOException;

    /// Whether the client asked for an upgrade that this connection can do (HTTP/1.1 with `connection: upgrade`).
    boolean upgradable();

    /// Whether the client's side is gone: its connection closed or its stream reset.
    boolean closed();

    /// Breaks the exchange off: the client shall see that its answer is not whole (HTTP/2 reset, or the connection's end). Any thread may call it.
    void reset();

    /// Runs once when the exchange ends: the answer is complete, or the client went away. At once if it already has. Must not block.
    void onClose(Runnable action);
}
