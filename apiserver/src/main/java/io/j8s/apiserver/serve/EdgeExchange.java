package io.j8s.apiserver.serve;

import io.j8s.http.BodyWriter;
import io.j8s.http.ByteStream;
import io.j8s.http.Exchange;
import io.j8s.http.ForwardingExchange;
import io.j8s.http.Headers;
import io.j8s.http.WebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// An exchange that may be taken away from its handler when its time is up: whatever the handler still answers then is lost.
///
/// The monitor guards who answers. The handler's thread is interrupted only while it works on this exchange.
final class EdgeExchange implements ForwardingExchange {

    /// As upstream writes it: without kind.
    private static final byte[] TIMEOUT = ("{\"metadata\":{},\"status\":\"Failure\",\"message\":\"Timeout: request did not complete within the allotted timeout\","
            + "\"reason\":\"Timeout\",\"details\":{},\"code\":504}\n").getBytes(StandardCharsets.UTF_8);
    private static final int GATEWAY_TIMEOUT = 504;

    private final Exchange exchange;
    private final String auditId;
    private final Headers marks;
    private final Thread handler = Thread.currentThread();
    private long deadlineNanos;
    private boolean begun;
    private boolean expired;
    private boolean done;

    /// @param marks fields that every answer has beside its own
    EdgeExchange(Exchange exchange, String auditId, Headers marks) {
        this.exchange = exchange;
        this.auditId = auditId;
        this.marks = marks;
    }

    @Override
    public Exchange exchange() {
        return exchange;
    }

    /// Whether the time was up before the handler was done.
    synchronized boolean expired() {
        return expired;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    EdgeExchange until(long nanos) {
        deadlineNanos = nanos;
        return this;
    }

    /// The handler is done: from here on nothing disturbs its thread.
    synchronized void done() {
        done = true;
    }

    /// Answers 504 in place of the handler, or breaks off what it has begun to answer. Any thread.
    synchronized void expire() {
        if (done || expired) {
            return;
        }
        expired = true;
        if (begun) {
            exchange.reset();
        } else {
            refuseLate();
        }
        handler.interrupt();
    }

    /// Answers 504.
    void refuseLate() {
        try {
            exchange.answer(GATEWAY_TIMEOUT, Headers.of("audit-id", auditId, "cache-control", "no-cache, private", "content-type", "text/plain; charset=utf-8").withAll(marks), TIMEOUT);
        } catch (IOException e) {
            exchange.reset(); // the client has gone
        }
    }

    private synchronized void begin() throws IOException {
        if (expired) {
            throw new IOException("the time of " + method() + " " + path() + " was up");
        }
        begun = true;
    }

    @Override
    public void answer(int status, Headers headers, byte[] body) throws IOException {
        begin();
        exchange.answer(status, headers.withAll(marks), body);
    }

    @Override
    public BodyWriter begin(int status, Headers headers) throws IOException {
        begin();
        return exchange.begin(status, headers.withAll(marks));
    }

    @Override
    public ByteStream upgrade(Headers headers) throws IOException {
        begin();
        return exchange.upgrade(headers);
    }

    @Override
    public WebSocket acceptWebSocket(@Nullable String subprotocol) throws IOException {
        begin();
        return exchange.acceptWebSocket(subprotocol);
    }
}
