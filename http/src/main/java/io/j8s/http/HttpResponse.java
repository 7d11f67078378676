package io.j8s.http;

import java.io.IOException;
import java.io.InputStream;

/// An answer: its header, and its body as it comes. Close it: an unread rest is then refused (HTTP/2 reset, or the connection's end), which
/// also is how a watch is ended from another thread.
public final class HttpResponse implements AutoCloseable {

    private final ClientExchange exchange;
    private final ClientExchange.Answer answer;

    HttpResponse(ClientExchange exchange, ClientExchange.Answer answer) {
        this.exchange = exchange;
        this.answer = answer;
    }

    public int status() {
        return answer.status();
    }

    public Headers headers() {
        return answer.headers();
    }

    /// `HTTP/1.1` or `HTTP/2`.
    public String protocol() {
        return answer.protocol();
    }

    /// Blocks while nothing comes; throws when the connection breaks before the end, or when the response was closed.
    public InputStream body() {
        return answer.body();
    }

    /// The whole body; a longer one than the limit throws [BodyTooLargeException].
    public byte[] readAll(long limit) throws IOException {
        answer.body().limitTo(limit);
        return answer.body().readAllBytes();
    }

    /// Any thread may call it.
    @Override
    public void close() {
        exchange.cancel();
    }
}
