package io.j8s.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// An exchange over either protocol; what differs between them is behind [Wire].
///
/// Threads: the handler's thread calls the methods of [Exchange]; the event loop calls [#sent], [#gone] and [#completed]. The monitor guards
/// the end of the exchange (`over`, the close actions, and which thread to interrupt).
final class ServerExchange implements Exchange, OutboundBytes.Sender {

    /// A request's head, taken apart by the protocol.
    record Request(String method, String target, String authority, Headers headers, boolean expectsContinue) {}

    private final ServerCore core;
    private final Wire wire;
    private final ConnectionInfo connection;
    private final Request request;
    private final InboundBytes body;
    private final int queryAt;
    private @Nullable OutboundBytes outbound;
    private Wire.@Nullable Head unsentHead;
    private @Nullable Runnable upgraded;
    private volatile boolean answered;
    private volatile boolean clientGone;
    private boolean over;
    private @Nullable Thread thread;
    private @Nullable List<Runnable> closeActions;

    ServerExchange(ServerCore core, Wire wire, ConnectionInfo connection, Request request, InboundBytes body) {
        this.core = core;
        this.wire = wire;
        this.connection = connection;
        this.request = request;
        this.body = body;
        this.queryAt = request.target.indexOf('?');
        if (request.expectsContinue) {
            body.beforeFirstRead(() -> {
                if (!answered) {
                    wire.sendContinue();
                }
            });
        }
    }

    // ---- the request

    @Override
    public String method() {
        return request.method;
    }

    @Override
    public String path() {
        return queryAt < 0 ? request.target : request.target.substring(0, queryAt);
    }

    @Override
    public String query() {
        return queryAt < 0 ? "" : request.target.substring(queryAt + 1);
    }

    @Override
    public String protocol() {
        return connection.protocol();
    }

    @Override
    public String authority() {
        return request.authority;
    }

    @Override
    public Headers headers() {
        return request.headers;
    }

    @Override
    public SocketAddress remoteAddress() {
        return connection.remote();
    }

    @Override
    public SocketAddress localAddress() {
        return connection.local();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return connection.peerCertificates();
    }

    @Override
    public ConcurrentMap<Object, Object> connectionState() {
        return connection.state();
    }

    @Override
    public InputStream body() throws IOException {
        body.limitTo(Long.MAX_VALUE);
        return body;
    }

    @Override
    public InputStream body(long limit) throws IOException {
        body.limitTo(limit);
        return body;
    }

    // ---- the answer

    @Override
    public void answer(int status, Headers headers, byte[] content) throws IOException {
        beginAnswer();
        boolean bodiless = request.method.equals("HEAD") || status == 204 || status == 304;
        ByteBuf bytes = bodiless || content.length == 0 ? null : Unpooled.wrappedBuffer(content);
        wire.send(new Wire.Head(status, headers, content.length), bytes, 0, true);
    }

    @Override
    public BodyWriter begin(int status, Headers headers) throws IOException {
        beginAnswer();
        unsentHead = new Wire.Head(status, headers, -1);
        OutboundBytes bytes = new OutboundBytes(core.timeline(), this, core.limits().stall());
        synchronized (this) {
            outbound = bytes;
        }
        if (clientGone) {
            bytes.fail(goneException());
        }
        return request.method.equals("HEAD") || status == 204 || status == 304 ? new NoBody(bytes) : new Body(bytes);
    }

    @Override
    public boolean upgradable() {
        return connection.protocol().equals("HTTP/1.1") && request.headers.lists("connection", "upgrade");
    }

    @Override
    public ByteStream upgrade(Headers headers) throws IOException {
        checkUpgrade(headers.getOr("upgrade", ""));
        beginAnswer();
        ByteStream stream = wire.upgrade(headers);
        upgraded = stream::close;
        return stream;
    }

    @Override
    public WebSocket acceptWebSocket(@Nullable String subprotocol) throws IOException {
        checkUpgrade("websocket");
        Headers answer = WebSocketHandshake.accept(request.headers, subprotocol);
        beginAnswer();
        WebSocket socket = wire.acceptWebSocket(answer, subprotocol == null ? "" : subprotocol);
        upgraded = socket::close;
        return socket;
    }

    private void checkUpgrade(String protocol) throws ProtocolException {
        if (!upgradable()) {
            throw new ProtocolException("cannot upgrade to \"" + protocol + "\": the request came over " + connection.protocol()
                    + (connection.protocol().equals("HTTP/1.1") ? " without connection: Upgrade" : ", which has no upgrades; use HTTP/1.1"));
        }
    }

    private void beginAnswer() throws IOException {
        if (answered) {
            throw new IllegalStateException(request.method + " " + path() + " has been answered already");
        }
        answered = true;
        if (clientGone) {
            throw goneException();
        }
    }

    boolean answered() {
        return answered;
    }

    // ---- the end

    @Override
    public boolean closed() {
        return clientGone;
    }

    @Override
    public void reset() {
        wire.reset();
    }

    @Override
    public void onClose(Runnable action) {
        synchronized (this) {
            if (!over) {
                if (closeActions == null) {
                    closeActions = new ArrayList<>(1);
                }
                closeActions.add(action);
                return;
            }
        }
        action.run();
    }

    /// Begins to run the handler; answers false when the client has gone already.
    synchronized boolean startedBy(Thread runner) {
        thread = runner;
        return !over;
    }

    /// From here on nobody interrupts the thread.
    synchronized void endedByHandler() {
        thread = null;
    }

    /// Ends the answer of a handler that returned, or threw `failure`.
    void finish(@Nullable Throwable failure) {
        OutboundBytes bytes = outbound;
        if (upgraded != null) {
            upgraded.run();
        } else if (clientGone) {
            body.discard();
        } else if (!answered) {
            answerInternalError();
        } else if (bytes != null && !bytes.hasEnded()) {
            if (failure == null) {
                core.warn("the handler returned without closing the answer's body", request);
            }
            wire.reset();
        }
    }

    private void answerInternalError() {
        try {
            answer(500, Headers.of("content-type", "text/plain; charset=utf-8"), "internal error\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        } catch (IOException e) {
            wire.reset();
        }
    }

    Request request() {
        return request;
    }

    // ---- the event loop's side

    @Override
    public void send(@Nullable ByteBuf bytes, int size, boolean end) {
        Wire.Head head = unsentHead;
        unsentHead = null;
        wire.send(head, bytes, size, end);
    }

    /// So many bytes have left, or failed to.
    void sent(int size, @Nullable Throwable cause) {
        OutboundBytes bytes = outbound;
        if (bytes != null) {
            bytes.written(size, cause);
        }
    }

    /// The answer has left whole.
    void completed() {
        body.discard();
        endOnce();
    }

    /// The client went away, or the exchange was broken off.
    void gone() {
        clientGone = true;
        body.fail(goneException());
        OutboundBytes bytes;
        synchronized (this) {
            bytes = outbound;
        }
        if (bytes != null) {
            bytes.fail(goneException());
        }
        synchronized (this) {
            if (over) {
                return;
            }
            if (thread != null) {
                thread.interrupt();
            } else {
                body.discard();
            }
        }
        endOnce();
    }

    /// The connection of an upgraded exchange ended. Its handler learns it from its stream, and is not interrupted.
    void upgradeEnded() {
        clientGone = true;
        endOnce();
    }

    private void endOnce() {
        List<Runnable> actions;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            actions = closeActions;
            closeActions = null;
        }
        if (actions != null) {
            actions.forEach(action -> core.runQuietly(action, request));
        }
    }

    private IOException goneException() {
        return new IOException("the client went away from " + request.method.toUpperCase(Locale.ROOT) + " " + path());
    }

    /// The body of an answer that has one.
    private record Body(OutboundBytes bytes) implements BodyWriter {
        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            bytes.write(from, offset, length);
        }

        @Override
        public void append(byte[] from, int offset, int length) throws IOException {
            bytes.append(from, offset, length);
        }

        @Override
        public void flush() throws IOException {
            bytes.flush();
        }

        @Override
        public void close() throws IOException {
            bytes.end();
        }
    }

    /// The body of an answer to HEAD, or of a status without a body: what is written is dropped.
    private record NoBody(OutboundBytes bytes) implements BodyWriter {
        @Override
        public void write(byte[] from, int offset, int length) {}

        @Override
        public void append(byte[] from, int offset, int length) {}

        @Override
        public void flush() throws IOException {
            bytes.flush();
        }

        @Override
        public void close() throws IOException {
            bytes.end();
        }
    }
}
