package io.j8s.apiserver.serve;

import io.j8s.apiserver.flow.FlowControl;
import io.j8s.apiserver.metrics.RequestKind;
import io.j8s.http.BodyWriter;
import io.j8s.http.ByteStream;
import io.j8s.http.Exchange;
import io.j8s.http.ForwardingExchange;
import io.j8s.http.Headers;
import io.j8s.http.ObservedBody;
import io.j8s.http.WebSocket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// An exchange whose answer says under which id it is audited, and by which FlowSchema and priority level it was let in.
final class MarkedExchange implements ForwardingExchange {

    private static final int SWITCHING_PROTOCOLS = 101;

    private final Exchange exchange;
    private final FlowControl.Ticket ticket;
    private final String auditId;
    private int status;
    private long bytes;
    private int received = -1;
    private final long startNanos;
    private @Nullable RequestKind kind;

    private MarkedExchange(Exchange exchange, FlowControl.Ticket ticket, String auditId, long startNanos) {
        this.startNanos = startNanos;
        this.exchange = exchange;
        this.ticket = ticket;
        this.auditId = auditId;
    }

    /// @param startNanos when it was let in
    static MarkedExchange of(Exchange exchange, FlowControl.Ticket ticket, String auditId, long startNanos) {
        return new MarkedExchange(exchange, ticket, auditId, startNanos);
    }

    @Override
    public Exchange exchange() {
        return exchange;
    }

    /// The status that was answered; 101 for an upgrade, 0 for nothing yet.
    int status() {
        return status;
    }

    long startNanos() {
        return startNanos;
    }

    /// The whole body has come.
    void received(int size) {
        received = size;
    }

    /// How many bytes the body had; -1 when it was not read.
    int received() {
        return received;
    }

    /// It is counted as a request of this kind.
    void counts(RequestKind as) {
        kind = as;
    }

    /// Null: it is not counted.
    @Nullable RequestKind kind() {
        return kind;
    }

    /// How many bytes the answer has so far; 0 for what is streamed.
    long bytes() {
        return bytes;
    }

    private Headers marked(Headers headers) {
        Headers known = headers.get("audit-id") == null ? headers.with("audit-id", auditId) : headers;
        if (known.get("cache-control") == null) {
            known = known.with("cache-control", "no-cache, private");
        }
        return ticket.schemaUid().isEmpty() ? known : known.with("x-kubernetes-pf-flowschema-uid", ticket.schemaUid()).with("x-kubernetes-pf-prioritylevel-uid", ticket.levelUid());
    }

    @Override
    public void answer(int status, Headers headers, byte[] body) throws IOException {
        this.status = status;
        bytes = body.length;
        exchange.answer(status, marked(headers), body);
    }

    @Override
    public BodyWriter begin(int status, Headers headers) throws IOException {
        this.status = status;
        BodyWriter body = exchange.begin(status, marked(headers));
        RequestKind counted = kind;
        return counted != null && counted.verb().equals("LIST") ? new ObservedBody(body, (sent, offset, length) -> bytes += length) : body;
    }

    @Override
    public ByteStream upgrade(Headers headers) throws IOException {
        status = SWITCHING_PROTOCOLS;
        return exchange.upgrade(headers);
    }

    @Override
    public WebSocket acceptWebSocket(@Nullable String subprotocol) throws IOException {
        status = SWITCHING_PROTOCOLS;
        return exchange.acceptWebSocket(subprotocol);
    }
}
