package io.j8s.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 connection of a server (RFC 9112): one exchange after the other, pipelined requests waiting for their turn. All its state belongs to the event loop.
///
/// Automatic reading is off. The socket is read while a head is awaited, while a body's reader keeps up, and, once a request is whole, so far that
/// the client's going away is seen.
final class Http1ServerConnection extends ChannelInboundHandlerAdapter implements ServerCore.Connection {

    private static final int READ_AHEAD_BYTES = 128 * 1024;
    private static final int MOST_DISCARDED_BYTES = 256 * 1024;
    private static final long LINGER_MILLIS = 1000;
    private static final int LARGEST_MESSAGE_BYTES = 16 * 1024 * 1024;

    private final ServerCore core;
    private final ConnectionInfo info;
    private final Channel channel;
    private final Batch batch;
    private final ArrayDeque<Object> pending = new ArrayDeque<>(0);
    private @Nullable Turn turn;
    private boolean closing;
    private boolean upgraded;
    private boolean headerBegun;
    private long waitingSinceNanos;

    Http1ServerConnection(ServerCore core, ConnectionInfo info, Channel channel) {
        this.core = core;
        this.info = info;
        this.channel = channel;
        this.batch = new Batch(channel.eventLoop(), channel::flush);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel.config().setAutoRead(false);
        channel.closeFuture().addListener(done -> core.closed(this));
        if (!core.opened(this)) {
            channel.close();
            return;
        }
        waitingSinceNanos = core.timeline().nanoTime();
        scheduleTimeoutCheck(core.limits().header().toNanos());
        channel.read();
    }

    // ---- reading

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Turn current = turn;
        if (!pending.isEmpty() || (current != null && current.requestEnded && message instanceof HttpRequest)) {
            pending.add(message);
        } else {
            accept(message);
        }
    }

    private void accept(Object message) {
        if (closing) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            begin(request);
        }
        if (message instanceof HttpContent content) {
            content(content);
        }
    }

    private void begin(HttpRequest request) {
        headerBegun = false;
        if (request.decoderResult().isFailure()) {
            refuse(request.decoderResult().cause());
            return;
        }
        String problem = problem(request);
        if (!problem.isEmpty()) {
            refuse(request.protocolVersion().majorVersion() == 1 ? HttpResponseStatus.BAD_REQUEST : HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, problem);
            return;
        }
        Turn next = new Turn(request);
        turn = next;
        core.start(next.exchange, () -> { });
    }

    /// What no handler is to see: other versions, requests without one `host` (RFC 9112 section 3.2), paths whose escapes are none. Empty: nothing.
    private static String problem(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        if (version.majorVersion() != 1) {
            return "505 HTTP Version Not Supported: unsupported protocol version";
        }
        int hosts = request.headers().getAll("host").size();
        if (hosts == 0 && version.minorVersion() >= 1) {
            return "400 Bad Request: missing required Host header";
        }
        String uri = request.uri();
        int query = uri.indexOf('?');
        return hosts > 1 || !isEscaped(query < 0 ? uri : uri.substring(0, query)) ? "400 Bad Request" : "";
    }

    private static boolean isEscaped(String path) {
        for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 1)) {
            if (at + 2 >= path.length() || Character.digit(path.charAt(at + 1), 16) < 0 || Character.digit(path.charAt(at + 2), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private void refuse(@Nullable Throwable cause) {
        HttpResponseStatus status = switch (cause) {
            case TooLongHttpHeaderException tooLong -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
            case TooLongHttpLineException tooLong -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE; // Go counts the line as a part of the header
            case null, default -> HttpResponseStatus.BAD_REQUEST;
        };
        refuse(status, status.code() + " " + status.reasonPhrase());
    }

    private void refuse(HttpResponseStatus status, String problem) {
        byte[] text = problem.getBytes(StandardCharsets.US_ASCII);
        HttpHeaders headers = Http1Fields.headers().add("content-type", "text/plain; charset=utf-8").add("content-length", text.length)
                .add("connection", "close").add("date", core.dateHeader());
        channel.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(text), headers, EmptyHttpHeaders.INSTANCE));
        closeGently(true);
    }

    private void content(HttpContent content) {
        Turn current = turn;
        if (current == null) {
            content.release();
            return;
        }
        if (content.decoderResult().isFailure()) {
            content.release();
            current.keepAlive = false;
            current.body.fail(new IOException("the request's body is malformed: " + content.decoderResult().cause()));
            return;
        }
        current.body.offer(content.content());
        if (content instanceof LastHttpContent) {
            current.requestEnded = true;
            current.body.end();
            if (current.answerEnded) {
                next(current);
            }
        } else if (current.answerEnded && current.body.received() - current.receivedAtAnswer > MOST_DISCARDED_BYTES) {
            closeGently(true);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (turn == null && !headerBegun) {
            headerBegun = true; // bytes came, but no whole head yet
            waitingSinceNanos = core.timeline().nanoTime();
        }
        readMore();
    }

    private void readMore() {
        Turn current = turn;
        boolean wanted = closing || current == null
                || (current.requestEnded ? pending.isEmpty() : current.answerEnded || current.body.buffered() < READ_AHEAD_BYTES);
        if (wanted && !upgraded) {
            channel.read();
        }
    }

    /// Both directions of an exchange are done: on to the next one, or the end.
    private void next(Turn done) {
        turn = null;
        waitingSinceNanos = core.timeline().nanoTime();
        if (!done.keepAlive || core.draining()) {
            closeGently(false);
            return;
        }
        while (!pending.isEmpty()) {
            Turn current = turn;
            if (current != null && current.requestEnded) {
                return;
            }
            accept(pending.removeFirst());
        }
        readMore();
    }

    // ---- ends

    /// Ends our side and reads on for a moment: closing with unread bytes would reset the connection and could take the answer with it.
    ///
    /// @param unread whether the client may be sending still
    private void closeGently(boolean unread) {
        if (closing) {
            return;
        }
        closing = true;
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            if (!(channel instanceof DuplexChannel duplex) || (tls != null && !unread)) {
                channel.close();
                return;
            }
            if (tls != null) {
                tls.closeOutbound();
            }
            duplex.shutdownOutput();
            channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
            channel.read();
        });
    }

    private void scheduleTimeoutCheck(long nanos) {
        channel.eventLoop().schedule(this::checkTimeout, Math.max(1, nanos), TimeUnit.NANOSECONDS);
    }

    private void checkTimeout() {
        if (!channel.isActive() || upgraded) {
            return;
        }
        long header = core.limits().header().toNanos();
        if (turn != null) {
            scheduleTimeoutCheck(header);
            return;
        }
        long allowed = headerBegun ? header : core.limits().idle().toNanos();
        long left = allowed - (core.timeline().nanoTime() - waitingSinceNanos);
        if (left <= 0) {
            channel.close();
        } else {
            scheduleTimeoutCheck(Math.min(left, header));
        }
    }

    @Override
    public void drain() {
        channel.eventLoop().execute(() -> {
            if (turn == null && !upgraded) {
                closeGently(false);
            }
        });
    }

    @Override
    public void abort() {
        channel.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        dropPending();
        Turn current = turn;
        turn = null;
        if (current != null) {
            current.exchange.gone();
        }
    }

    private void dropPending() {
        pending.forEach(ReferenceCountUtil::release);
        pending.clear();
    }

    /// One request and its answer.
    private final class Turn implements Wire {
        final ServerExchange exchange;
        final InboundBytes body;
        final HttpVersion version;
        final boolean head;
        boolean keepAlive;
        boolean requestEnded;
        boolean answerEnded;
        long receivedAtAnswer;
        private boolean chunked;

        Turn(HttpRequest request) {
            ServerExchange.Request taken = Http1Fields.request(request);
            version = request.protocolVersion();
            head = taken.method().equals("HEAD");
            keepAlive = HttpUtil.isKeepAlive(request);
            body = new InboundBytes(HttpUtil.isTransferEncodingChunked(request) ? -1 : HttpUtil.getContentLength(request, 0L), core.limits().bodyBytes(), this::consumed);
            exchange = new ServerExchange(core, this, info, taken, body);
        }

        @Override
        public void send(@Nullable Head answer, @Nullable ByteBuf bytes, int size, boolean end) {
            batch.add(() -> write(answer, bytes, size, end));
        }

        private void write(@Nullable Head answer, @Nullable ByteBuf bytes, int size, boolean end) {
            if (turn != this) {
                if (bytes != null) {
                    bytes.release();
                }
                exchange.sent(size, new IOException("the connection is closed"));
                return;
            }
            ChannelPromise written = channel.newPromise();
            if (end) {
                written.addListener(done -> ended(done.isSuccess()));
            }
            if (size > 0) {
                written.addListener(done -> exchange.sent(size, done.cause()));
            }
            if (answer != null && end && answer.contentLength() >= 0) {
                channel.write(whole(answer, bytes), written);
                return;
            }
            if (answer != null) {
                channel.write(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), fields(answer, end && bytes == null)));
            }
            writeBody(bytes, end, written);
        }

        private DefaultFullHttpResponse whole(Head answer, @Nullable ByteBuf bytes) {
            return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), bytes == null ? Unpooled.EMPTY_BUFFER : bytes,
                    fields(answer, true), EmptyHttpHeaders.INSTANCE);
        }

        private void writeBody(@Nullable ByteBuf bytes, boolean end, ChannelPromise written) {
            if (end) {
                channel.write(bytes == null ? LastHttpContent.EMPTY_LAST_CONTENT : new DefaultLastHttpContent(bytes, DefaultHttpHeadersFactory.trailersFactory()), written);
            } else if (bytes != null) {
                channel.write(new DefaultHttpContent(bytes), written);
            } else {
                written.setSuccess();
            }
        }

        private HttpHeaders fields(Head answer, boolean whole) {
            boolean bodiless = head || answer.status() == 204 || answer.status() == 304;
            if (answer.headers().lists("connection", "close") || core.draining() || (!requestEnded && !worthDiscarding())) {
                keepAlive = false;
            }
            boolean lengthKnown = answer.contentLength() >= 0 || answer.headers().get("content-length") != null || bodiless;
            if (!lengthKnown && whole) {
                answer = new Head(answer.status(), answer.headers(), 0);
            } else if (!lengthKnown && version.equals(HttpVersion.HTTP_1_1)) {
                chunked = true;
            } else if (!lengthKnown) {
                keepAlive = false;
            }
            return Http1Fields.response(answer, core.dateHeader(), keepAlive, chunked, version);
        }

        private boolean worthDiscarding() {
            return body.remaining() <= MOST_DISCARDED_BYTES && !exchange.request().expectsContinue();
        }

        private void ended(boolean success) {
            if (turn != this) {
                return;
            }
            if (!success) {
                channel.close();
                return;
            }
            answerEnded = true;
            receivedAtAnswer = body.received();
            exchange.completed();
            if (requestEnded) {
                next(this);
            } else if (!keepAlive) {
                turn = null;
                closeGently(true);
            } else {
                readMore();
            }
        }

        @Override
        public void sendContinue() {
            batch.add(() -> {
                if (turn == this) {
                    channel.write(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
                }
            });
        }

        @Override
        public void consumed(int bytes) {
            channel.eventLoop().execute(Http1ServerConnection.this::readMore);
        }

        @Override
        public void reset() {
            batch.add(channel::close);
        }

        @Override
        public ByteStream upgrade(Headers headers) throws IOException {
            RawStream stream = new RawStream(channel, core.timeline(), core.limits().stall());
            requireWholeRequest();
            batch.add(() -> switchProtocol(headers, pipeline -> pipeline.addLast(stream)));
            return stream;
        }

        @Override
        public WebSocket acceptWebSocket(Headers headers, String subprotocol) throws IOException {
            WebSocketLink link = new WebSocketLink(channel, core.timeline(), core.limits().stall());
            link.chose(subprotocol);
            requireWholeRequest();
            batch.add(() -> switchProtocol(headers, pipeline -> link.install(pipeline, true, LARGEST_MESSAGE_BYTES)));
            return link;
        }

        private void requireWholeRequest() throws IOException {
            if (body.remaining() > 0) {
                throw new ProtocolException("cannot upgrade " + exchange.path() + ": the request has a body; read it first");
            }
        }

        private void switchProtocol(Headers headers, Consumer<ChannelPipeline> install) {
            if (turn != this) {
                return; // the client has gone; the new handler is never installed, and the streams fail
            }
            upgraded = true;
            turn = null;
            dropPending();
            HttpHeaders fields = Http1Fields.upgrade(headers);
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            channel.write(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER, fields, EmptyHttpHeaders.INSTANCE));
            ChannelPipeline pipeline = channel.pipeline();
            install.accept(pipeline);
            pipeline.remove(Http1ServerConnection.this);
            pipeline.remove(HttpServerCodec.class);
            channel.closeFuture().addListener(done -> exchange.upgradeEnded());
        }
    }
}
