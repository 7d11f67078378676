package io.j8s.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.net.ProtocolException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One HTTP/2 connection of a server (RFC 9113). All its state belongs to the event loop, except the count of running handlers.
///
/// A stream's body is held back by its window of [#STREAM_WINDOW_BYTES]; the connection's window is refilled at once, so that one unread body
/// does not stop the others. Handlers of streams that were reset go on counting until they end, so that opening and resetting streams in a loop wins nothing.
final class Http2ServerConnection extends Http2ConnectionHandler implements ServerCore.Connection {

    static final int STREAM_WINDOW_BYTES = 256 * 1024;
    private static final long GOAWAY_PING = 0x6A3873_676F6177L;
    private static final int GOAWAY_PATIENCE_SECONDS = 1;

    private final ServerCore core;
    private final ConnectionInfo info;
    private final Http2Connection.PropertyKey streams;
    private final AtomicInteger handlersRunning = new AtomicInteger();
    private @Nullable ChannelHandlerContext context;
    private @Nullable Batch batch;
    private long idleSinceNanos;
    private boolean goingAway;
    private boolean leaving;

    Http2ServerConnection(ServerCore core, ConnectionInfo info, Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
        super(decoder, encoder, settings);
        this.core = core;
        this.info = info;
        this.streams = connection().newKey();
        decoder.frameListener(new Frames());
        connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                streamClosed(stream);
            }
        });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        batch = new Batch(ctx.channel().eventLoop(), () -> flush(ctx));
        idleSinceNanos = core.timeline().nanoTime();
        super.handlerAdded(ctx);
        if (!core.opened(this)) {
            ctx.close();
            return;
        }
        scheduleIdleCheck(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
            super.exceptionCaught(ctx, cause);
        } else {
            ctx.close(); // the connection broke: its streams end with it
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        core.closed(this);
        super.channelInactive(ctx);
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("the connection has no channel yet");
        }
        return ctx;
    }

    private Batch batch() {
        Batch current = batch;
        if (current == null) {
            throw new IllegalStateException("the connection has no channel yet");
        }
        return current;
    }

    // ---- ends

    @Override
    public void drain() {
        batch().add(this::goAway);
    }

    /// In two steps (RFC 9113 section 6.8): first the client learns that the connection ends, but whatever it has begun meanwhile is still served; once it has seen that, no more is.
    private void goAway() {
        if (goingAway) {
            return;
        }
        goingAway = true;
        ChannelHandlerContext ctx = context();
        if (!ctx.channel().isActive()) {
            ctx.close();
            return;
        }
        goAway(ctx, Integer.MAX_VALUE, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
        encoder().writePing(ctx, false, GOAWAY_PING, ctx.newPromise());
        ctx.flush();
        ctx.channel().eventLoop().schedule(this::lastStreams, GOAWAY_PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void lastStreams() {
        ChannelHandlerContext ctx = context();
        if (leaving || !ctx.channel().isActive()) {
            return;
        }
        leaving = true;
        try {
            goAway(ctx, connection().remote().lastStreamCreated(), Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
            close(ctx, ctx.newPromise()); // the channel's end comes after the last stream's
        } catch (Exception e) {
            ctx.close();
        }
    }

    @Override
    public void abort() {
        ChannelHandlerContext ctx = context();
        ctx.channel().eventLoop().execute(ctx::close);
    }

    private void scheduleIdleCheck(ChannelHandlerContext ctx) {
        long idle = core.limits().idle().toNanos();
        long spent = connection().numActiveStreams() > 0 ? 0 : core.timeline().nanoTime() - idleSinceNanos;
        ctx.channel().eventLoop().schedule(() -> {
            boolean isIdle = connection().numActiveStreams() == 0 && core.timeline().nanoTime() - idleSinceNanos >= idle;
            if (isIdle) {
                goAway();
            } else if (ctx.channel().isActive()) {
                scheduleIdleCheck(ctx);
            }
        }, Math.max(1, idle - spent), TimeUnit.NANOSECONDS);
    }

    private void streamClosed(Http2Stream stream) {
        StreamWire wire = stream.getProperty(streams);
        if (wire != null) {
            wire.closed();
        }
        idleSinceNanos = core.timeline().nanoTime();
    }

    @Override
    protected void onStreamError(ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        super.onStreamError(ctx, outbound, cause, error);
        ctx.flush();
    }

    // ---- frames

    private final class Frames extends Http2EventAdapter {

        @Override
        public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int dependency, short weight, boolean exclusive, int padding, boolean end)
                throws Http2Exception {
            onHeadersRead(ctx, id, headers, padding, end);
        }

        @Override
        public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) throws Http2Exception {
            Http2Stream stream = connection().stream(id);
            StreamWire known = stream.getProperty(streams);
            if (known != null) {
                if (end) {
                    known.body.end(); // trailers
                }
                return;
            }
            if (handlersRunning.get() >= 2 * core.limits().streamsPerConnection()) {
                throw Http2Exception.streamError(id, Http2Error.REFUSED_STREAM, "handlers of %d requests are still running", handlersRunning.get());
            }
            begin(stream, Http2Fields.request(id, headers), end);
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
            StreamWire wire = connection().stream(id).getProperty(streams);
            int size = data.readableBytes();
            if (wire == null) {
                return size + padding;
            }
            boolean kept = wire.body.offer(data.retain());
            if (end) {
                wire.body.end();
            }
            return kept ? padding : size + padding;
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext ctx, long data) {
            if (data == GOAWAY_PING) {
                lastStreams();
            }
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
            // the stream's close follows, and ends the exchange
        }
    }

    private void begin(Http2Stream stream, ServerExchange.Request request, boolean end) {
        StreamWire wire = new StreamWire(stream);
        long announced = end ? 0 : Http2Fields.contentLength(request.headers());
        wire.body = new InboundBytes(announced, core.limits().bodyBytes(), wire::consumed);
        if (end) {
            wire.body.end();
        }
        ServerExchange exchange = new ServerExchange(core, wire, info, request, wire.body);
        wire.exchange = exchange;
        stream.setProperty(streams, wire);
        handlersRunning.incrementAndGet();
        core.start(exchange, handlersRunning::decrementAndGet);
    }

    /// The exchange's side of one stream.
    private final class StreamWire implements Wire {
        final Http2Stream stream;
        InboundBytes body = new InboundBytes(0, 0, taken -> { });
        @Nullable ServerExchange exchange;
        private boolean endSent;

        StreamWire(Http2Stream stream) {
            this.stream = stream;
        }

        @Override
        public void send(@Nullable Head head, @Nullable ByteBuf bytes, int size, boolean end) {
            batch().add(() -> write(head, bytes, size, end));
        }

        private void write(@Nullable Head head, @Nullable ByteBuf bytes, int size, boolean end) {
            ChannelHandlerContext ctx = context();
            boolean headEnds = end && bytes == null && head != null;
            if (head != null) {
                Http2Headers fields = Http2Fields.response(head, core.dateHeader());
                encoder().writeHeaders(ctx, stream.id(), fields, 0, headEnds, headEnds ? ending(ctx) : ctx.newPromise());
                if (head.headers().lists("connection", "close")) {
                    goAway();
                }
            }
            if (bytes != null || (end && !headEnds)) {
                ChannelPromise written = end ? ending(ctx) : ctx.newPromise();
                if (size > 0) {
                    written.addListener(done -> sent(size, done.cause()));
                }
                encoder().writeData(ctx, stream.id(), bytes == null ? Unpooled.EMPTY_BUFFER : bytes, 0, end, written);
            } else if (size > 0) {
                sent(size, null);
            }
        }

        /// When the answer has left before all of the request came, the rest is refused without blame (RFC 9113 section 8.1).
        private ChannelPromise ending(ChannelHandlerContext ctx) {
            ChannelPromise promise = ctx.newPromise();
            endSent = true;
            if (stream.state() == Http2Stream.State.OPEN) {
                promise.addListener(done -> {
                    if (done.isSuccess() && stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
                        resetStream(ctx, stream.id(), Http2Error.NO_ERROR.code(), ctx.newPromise());
                        ctx.flush();
                    }
                });
            }
            return promise;
        }

        private void sent(int size, @Nullable Throwable cause) {
            ServerExchange current = exchange;
            if (current != null) {
                current.sent(size, cause);
            }
        }

        @Override
        public void sendContinue() {
            batch().add(() -> {
                ChannelHandlerContext ctx = context();
                encoder().writeHeaders(ctx, stream.id(), new DefaultHttp2Headers(false).status(HttpResponseStatus.CONTINUE.codeAsText()), 0, false, ctx.newPromise());
            });
        }

        @Override
        public void consumed(int bytes) {
            batch().add(() -> {
                if (stream.state() == Http2Stream.State.OPEN || stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
                    try {
                        connection().local().flowController().consumeBytes(stream, bytes);
                    } catch (Http2Exception e) {
                        onError(context(), false, e);
                    }
                }
            });
        }

        @Override
        public void reset() {
            batch().add(() -> {
                ChannelHandlerContext ctx = context();
                resetStream(ctx, stream.id(), Http2Error.INTERNAL_ERROR.code(), ctx.newPromise());
            });
        }

        void closed() {
            ServerExchange current = exchange;
            if (current == null) {
                return;
            }
            if (endSent && context().channel().isActive()) {
                current.completed();
            } else {
                current.gone();
            }
        }

        @Override
        public ByteStream upgrade(Headers headers) throws ProtocolException {
            throw new ProtocolException("HTTP/2 has no upgrades; use HTTP/1.1");
        }

        @Override
        public WebSocket acceptWebSocket(Headers headers, String subprotocol) throws ProtocolException {
            throw new ProtocolException("WebSockets are offered over HTTP/1.1 only");
        }
    }
}
