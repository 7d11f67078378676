package io.j8s.http;

import io.j8s.runtime.Timeline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
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
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One HTTP/2 connection of a client. Frames and streams belong to the event loop; the monitor guards the count of places.
final class Http2ClientConnection extends Http2ConnectionHandler implements ClientConnection {

    private static final int STREAM_WINDOW_BYTES = 512 * 1024;
    private static final int STREAMS_BEFORE_SETTINGS = 100;
    private static final int MOST_STREAMS = 1000;

    private final ClientConfig config;
    private final Timeline timeline;
    private final Runnable onPlaces;
    private final Http2Connection.PropertyKey streams;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Batch batch;
    private int places = STREAMS_BEFORE_SETTINGS;
    private int taken;
    private boolean retired;
    private long readNanos;
    private long idleSinceNanos;
    private boolean pinged;

    private Http2ClientConnection(ClientConfig config, Timeline timeline, Runnable onPlaces, Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
        super(decoder, encoder, settings);
        this.config = config;
        this.timeline = timeline;
        this.onPlaces = onPlaces;
        this.streams = connection().newKey();
        decoder.frameListener(new Frames());
        connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                streamClosed(stream);
            }

            @Override
            public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
                retire();
            }
        });
    }

    /// @param onPlaces told when a place has become free, or the connection is of no more use
    static Http2ClientConnection create(ClientConfig config, Timeline timeline, Runnable onPlaces) {
        DefaultHttp2Connection connection = new DefaultHttp2Connection(false);
        connection.local().flowController(new DefaultHttp2LocalFlowController(connection, DefaultHttp2LocalFlowController.DEFAULT_WINDOW_UPDATE_RATIO, true));
        connection.remote().flowController(new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        return new Builder(config, timeline, onPlaces).settingsAndConnection(connection).build();
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<Http2ClientConnection, Builder> {
        private final ClientConfig config;
        private final Timeline timeline;
        private final Runnable onPlaces;

        Builder(ClientConfig config, Timeline timeline, Runnable onPlaces) {
            this.config = config;
            this.timeline = timeline;
            this.onPlaces = onPlaces;
        }

        Builder settingsAndConnection(Http2Connection connection) {
            Http2Settings settings = new Http2Settings().pushEnabled(false).initialWindowSize(STREAM_WINDOW_BYTES).maxHeaderListSize(config.headerBytes());
            return connection(connection).initialSettings(settings).gracefulShutdownTimeoutMillis(-1);
        }

        @Override
        protected Http2ClientConnection build() {
            return super.build();
        }

        @Override
        protected Http2ClientConnection build(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            return new Http2ClientConnection(config, timeline, onPlaces, decoder, encoder, settings);
        }
    }

    // ---- places

    @Override
    public synchronized boolean reserve() {
        if (retired || taken >= places) {
            return false;
        }
        taken++;
        return true;
    }

    private void release() {
        synchronized (this) {
            taken--;
        }
        onPlaces.run();
    }

    @Override
    public synchronized boolean alive() {
        return !retired;
    }

    @Override
    public void retire() {
        boolean unused;
        synchronized (this) {
            retired = true;
            unused = taken == 0;
        }
        onPlaces.run();
        if (unused) {
            close();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            retired = true;
        }
        ChannelHandlerContext ctx = context();
        ctx.channel().eventLoop().execute(ctx::close);
    }

    @Override
    public boolean http2() {
        return true;
    }

    // ---- the channel

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        batch = new Batch(ctx.channel().eventLoop(), () -> flush(ctx));
        readNanos = timeline.nanoTime();
        idleSinceNanos = readNanos;
        super.handlerAdded(ctx);
        schedulePing(ctx);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        readNanos = timeline.nanoTime();
        pinged = false;
        super.channelReadComplete(ctx);
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
        synchronized (this) {
            retired = true;
        }
        super.channelInactive(ctx);
        onPlaces.run();
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

    /// Looks in on the connection: a silent one with requests is pinged, and given up after half that time again; an idle one is closed.
    private void schedulePing(ChannelHandlerContext ctx) {
        ctx.channel().eventLoop().schedule(() -> lookIn(ctx), config.ping().toNanos() / 2, TimeUnit.NANOSECONDS);
    }

    private void lookIn(ChannelHandlerContext ctx) {
        if (!ctx.channel().isActive()) {
            return;
        }
        long silent = timeline.nanoTime() - readNanos;
        long ping = config.ping().toNanos();
        if (connection().numActiveStreams() == 0) {
            if (timeline.nanoTime() - idleSinceNanos >= config.idle().toNanos()) {
                retire();
            }
        } else if (pinged && silent >= ping + ping / 2) {
            ctx.close();
            return;
        } else if (silent >= ping && !pinged) {
            pinged = true;
            encoder().writePing(ctx, false, readNanos, ctx.newPromise());
            ctx.flush();
        }
        schedulePing(ctx);
    }

    // ---- requests

    @Override
    public void start(ClientExchange exchange) {
        StreamWire wire = new StreamWire(exchange);
        exchange.connect(wire);
        batch().add(wire::open);
    }

    private void streamClosed(Http2Stream stream) {
        StreamWire wire = stream.getProperty(streams);
        if (wire != null) {
            wire.closed();
        }
        idleSinceNanos = timeline.nanoTime();
    }

    private final class Frames extends Http2EventAdapter {

        @Override
        public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int dependency, short weight, boolean exclusive, int padding, boolean end) {
            onHeadersRead(ctx, id, headers, padding, end);
        }

        @Override
        public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) {
            StreamWire wire = connection().stream(id).getProperty(streams);
            if (wire != null) {
                wire.headers(headers, end);
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
            StreamWire wire = connection().stream(id).getProperty(streams);
            int size = data.readableBytes();
            InboundBytes body = wire == null ? null : wire.body;
            if (body == null) {
                return size + padding;
            }
            boolean kept = body.offer(data.retain());
            if (end) {
                body.end();
            }
            return kept ? padding : size + padding;
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
            StreamWire wire = connection().stream(id) == null ? null : connection().stream(id).getProperty(streams);
            if (wire != null) {
                wire.resetCode = code;
            }
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
            Long most = settings.maxConcurrentStreams();
            synchronized (Http2ClientConnection.this) {
                places = (int) Math.min(MOST_STREAMS, most == null ? MOST_STREAMS : most);
            }
            onPlaces.run();
        }
    }

    /// One stream.
    private final class StreamWire implements ClientExchange.Wire {
        private final ClientExchange exchange;
        private @Nullable Http2Stream stream;
        private @Nullable InboundBytes body;
        private long resetCode = -1;
        private boolean over;

        StreamWire(ClientExchange exchange) {
            this.exchange = exchange;
        }

        void open() {
            ChannelHandlerContext ctx = context();
            if (over) {
                return; // cancelled before it began
            }
            int id = connection().local().incrementAndGetNextStreamId();
            if (id < 0 || !ctx.channel().isActive() || connection().goAwayReceived()) {
                retire();
                end(new IOException("the connection takes no more requests"), true);
                return;
            }
            Http2Headers fields = Http2Fields.request(exchange.request);
            ChannelPromise written = ctx.newPromise();
            written.addListener(done -> {
                if (!done.isSuccess()) {
                    end(new IOException("the request could not be sent: " + done.cause().getMessage(), done.cause()), true);
                }
            });
            boolean end = exchange.request.body() instanceof HttpRequest.Body.None;
            encoder().writeHeaders(ctx, id, fields, 0, end, written);
            stream = connection().stream(id);
            if (stream != null) {
                stream.setProperty(streams, this);
            }
        }

        void headers(Http2Headers headers, boolean end) {
            InboundBytes known = body;
            if (known != null) {
                if (end) {
                    known.end(); // trailers
                }
                return;
            }
            int status = Http2Fields.status(headers);
            if (status < 200) {
                return;
            }
            Headers fields = Http2Fields.received(headers);
            InboundBytes fresh = new InboundBytes(end ? 0 : exchange.request.method().equals("HEAD") ? 0 : Http2Fields.contentLength(fields), Long.MAX_VALUE, this::consumed);
            if (end) {
                fresh.end();
            }
            body = fresh;
            exchange.answered(new ClientExchange.Answer(status, fields, "HTTP/2", fresh));
        }

        void closed() {
            Http2Stream current = stream;
            boolean beyondGoAway = current != null && connection().goAwayReceived() && current.id() > connection().local().lastStreamKnownByPeer();
            boolean neverSeen = beyondGoAway || resetCode == Http2Error.REFUSED_STREAM.code();
            String why = resetCode >= 0 ? "the server reset the request (" + Http2Error.valueOf(resetCode) + ")" : "the connection broke";
            end(new IOException(exchange.request.method() + " " + exchange.request.uri() + ": " + why), neverSeen);
        }

        /// Also after a whole answer: then the failure finds nothing left to fail.
        private void end(IOException cause, boolean neverSeen) {
            if (!over) {
                over = true;
                exchange.failed(cause, neverSeen);
                release();
            }
        }

        @Override
        public void send(@Nullable ByteBuf bytes, int size, boolean end) {
            batch().add(() -> {
                Http2Stream current = stream;
                if (current == null || over) {
                    if (bytes != null) {
                        bytes.release();
                    }
                    return;
                }
                ChannelHandlerContext ctx = context();
                ChannelPromise written = ctx.newPromise();
                written.addListener(done -> exchange.outbound.written(size, done.cause()));
                encoder().writeData(ctx, current.id(), bytes == null ? Unpooled.EMPTY_BUFFER : bytes, 0, end, written);
            });
        }

        @Override
        public void consumed(int bytes) {
            batch().add(() -> {
                Http2Stream current = stream;
                if (current != null && (current.state() == Http2Stream.State.OPEN || current.state() == Http2Stream.State.HALF_CLOSED_LOCAL)) {
                    try {
                        connection().local().flowController().consumeBytes(current, bytes);
                    } catch (Http2Exception e) {
                        onError(context(), false, e);
                    }
                }
            });
        }

        @Override
        public void cancel() {
            batch().add(() -> {
                Http2Stream current = stream;
                if (over) {
                    return;
                }
                if (current == null) {
                    end(new IOException("cancelled"), false);
                } else {
                    ChannelHandlerContext ctx = context();
                    resetStream(ctx, current.id(), Http2Error.CANCEL.code(), ctx.newPromise());
                }
            });
        }
    }
}
