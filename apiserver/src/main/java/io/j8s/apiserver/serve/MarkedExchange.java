package io.j8s.apiserver.serve;

import io.j8s.apiserver.flow.FlowControl;
import io.j8s.http.BodyWriter;
import io.j8s.http.ByteStream;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// An exchange whose answer says under which id it is audited, and by which FlowSchema and priority level it was let in.
final class MarkedExchange implements Exchange {

    private static final int SWITCHING_PROTOCOLS = 101;

    private final Exchange exchange;
    private final FlowControl.Ticket ticket;
    private final String auditId;
    private int status;

    private MarkedExchange(Exchange exchange, FlowControl.Ticket ticket, String auditId) {
        this.exchange = exchange;
        this.ticket = ticket;
        this.auditId = auditId;
    }

    static MarkedExchange of(Exchange exchange, FlowControl.Ticket ticket, String auditId) {
        return new MarkedExchange(exchange, ticket, auditId);
    }

    /// The status that was answered; 101 for an upgrade, 0 for nothing yet.
    int status() {
        return status;
    }

    private Headers marked(Headers headers) {
        Headers known = headers.get("audit-id") == null ? headers.with("audit-id", auditId) : headers;
        if (known.get("cache-control") == null) {
            known = known.with("cache-control", "no-cache, private");
        }
        return ticket.schemaUid().isEmpty() ? known : known.with("x-kubernetes-pf-flowschema-uid", ticket.schemaUid()).with("x-kubernetes-pf-prioritylevel-uid", ticket.levelUid());
    }

    @Override
    public String method() {
        return exchange.method();
    }

    @Override
    public String path() {
        return exchange.path();
    }

    @Override
    public String query() {
        return exchange.query();
    }

    @Override
    public String protocol() {
        return exchange.protocol();
    }

    @Override
    public String authority() {
        return exchange.authority();
    }

    @Override
    public Headers headers() {
        return exchange.headers();
    }

    @Override
    public SocketAddress remoteAddress() {
        return exchange.remoteAddress();
    }

    @Override
    public SocketAddress localAddress() {
        return exchange.localAddress();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return exchange.peerCertificates();
    }

    @Override
    public InputStream body() throws IOException {
        return exchange.body();
    }

    @Override
    public InputStream body(long limit) throws IOException {
        return exchange.body(limit);
    }

    @Override
    public void answer(int status, Headers headers, byte[] body) throws IOException {
        this.status = status;
        exchange.answer(status, marked(headers), body);
    }

    @Override
    public BodyWriter begin(int status, Headers headers) throws IOException {
        this.status = status;
        return exchange.begin(status, marked(headers));
    }

    @Override
    public boolean upgradable() {
        return exchange.upgradable();
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

    @Override
    public ConcurrentMap<Object, Object> connectionState() {
        return exchange.connectionState();
    }

    @Override
    public boolean closed() {
        return exchange.closed();
    }

    @Override
    public void onClose(Runnable action) {
        exchange.onClose(action);
    }
}
