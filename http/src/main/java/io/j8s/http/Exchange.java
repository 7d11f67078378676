package io.j8s.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request and its answer. Used by one thread at a time (except [#onClose], [#closed]).
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

    /// The request's body; reads block until bytes are there, and apply back-pressure to the sender. Throws [BodyTooLargeException] past the server's limit.
    InputStream body() throws IOException;

    /// Answers in one piece, with a content length.
    void answer(int status, Headers headers, byte[] body) throws IOException;

    /// Begins an answer whose length is not known yet (or is, by a `content-length` header).
    BodyWriter begin(int status, Headers headers) throws IOException;

    /// Switches this exchange to a byte stream both ways (HTTP/1.1 `Upgrade`, status 101; HTTP/2 extended CONNECT is not offered).
    ByteStream upgrade(Headers headers) throws IOException;

    /// Accepts the WebSocket handshake with the given subprotocol (null: none), which must be one of those offered in `sec-websocket-protocol`.
    WebSocket acceptWebSocket(@Nullable String subprotocol) throws IOException;

    /// Whether the client's side is gone: its connection closed or its stream reset.
    boolean closed();

    /// Runs once when the exchange ends: the answer is complete, or the client went away. At once if it already has. Must not block.
    void onClose(Runnable action);
}
