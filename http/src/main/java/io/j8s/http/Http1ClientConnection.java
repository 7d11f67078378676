package io.j8s.http;

import io.j8s.runtime.Timeline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 connection of a client: one request at a time, kept for the next. All belongs to the event loop, but for `taken` and `retired`, which the monitor guards.
final class Http1ClientConnection extends ChannelInboundHandlerAdapter implements ClientConnection {

    private static final int READ_AHEAD_BYTES = 256 * 1024;

    private final Channel channel;
    private final ClientConfig config;
    private final Timeline timeline;
    private final Runnable onPlaces;
    private final Batch batch;
    private boolean taken;
    private boolean retired;
    private @Nullable Turn turn;
    private boolean usedBefore;
    private boolean upgraded;
    private long idleSinceNanos;

    Http1ClientConnection(Channel channel, ClientConfig config, Timeline timeline, Runnable onPlaces) {
        this.channel = channel;
        this.config = config;
        this.timeline = timeline;
        this.onPlaces = onPlaces;
        this.batch = new Batch(channel.eventLoop(), channel::flush);
    }

    static HttpClientCodec codec(ClientConfig config) {
        return new HttpClientCodec(Http1Fields.decoderConfig(config.headerBytes()), false, false);
    }

    @Override
    public synchronized boolean reserve() {
        if (retired || taken) {
            return false;
        }
        taken = true;
        return true;
    }

    @Override
    public void start(ClientExchange exchange) {
        Turn next = new Turn(exchange);
        exchange.connect(next);
        batch.add(next::begin);
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
            unused = !taken;
        }
        onPlaces.run();
        if (unused) {
            channel.close();
        }
    }

    Channel channel() {
        return channel;
    }

    /// For a connection that serves one request only.
    synchronized void retireAfterUse() {
        retired = true;
    }

    @Override
    public void close() {
        synchronized (this) {
            retired = true;
        }
        channel.close();
    }

    @Override
    public boolean http2() {
        return false;
    }

    // ---- the event loop's side

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel.config().setAutoRead(false);
        idleSinceNanos = timeline.nanoTime();
        scheduleIdleCheck();
        channel.read();
    }

    private void scheduleIdleCheck() {
        channel.eventLoop().schedule(() -> {
            if (!channel.isActive() || upgraded) {
                return;
            }
            if (turn == null && timeline.nanoTime() - idleSinceNanos >= config.idle().toNanos()) {
                retire();
            }
            scheduleIdleCheck();
        }, Math.max(1, config.idle().toNanos() / 2), TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Turn current = turn;
        if (current == null) {
            ReferenceCountUtil.release(message); // nobody asked: a broken server
            channel.close();
            return;
        }
        if (message instanceof HttpResponse response) {
            current.response(response);
        }
        if (message instanceof HttpContent content) {
            current.content(content);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readMore();
    }

    private void readMore() {
        Turn current = turn;
        InboundBytes body = current == null ? null : current.body;
        if (!upgraded && (body == null || body.buffered() < READ_AHEAD_BYTES)) {
            channel.read();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        breakOff(new IOException("the connection broke: " + cause.getMessage(), cause));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        breakOff(new IOException("the connection was closed by the server"));
    }

    private void breakOff(IOException cause) {
        synchronized (this) {
            retired = true;
        }
        Turn current = turn;
        turn = null;
        if (current != null) {
            boolean neverSeen = usedBefore && current.body == null && !current.answerBegun && current.exchange.request.repeatable();
            current.exchange.failed(new IOException(current.exchange.request.method() + " " + current.exchange.request.uri() + ": " + cause.getMessage(), cause), neverSeen);
        }
        channel.close();
        onPlaces.run();
    }

    private void finished(Turn done) {
        turn = null;
        usedBefore = true;
        idleSinceNanos = timeline.nanoTime();
        boolean end;
        synchronized (this) {
            taken = false;
            retired |= !done.keepAlive;
            end = retired;
        }
        if (end) {
            channel.close();
        }
        onPlaces.run();
    }

    /// One request and its answer.
    private final class Turn implements ClientExchange.Wire {
        final ClientExchange exchange;
        @Nullable InboundBytes body;
        boolean keepAlive = true;
        boolean answerBegun;
        private @Nullable Headers switched;
        private boolean requestEnded;
        private boolean cancelled;

        Turn(ClientExchange exchange) {
            this.exchange = exchange;
        }

        void begin() {
            if (cancelled) {
                finished(this);
                return;
            }
            if (!channel.isActive()) {
                exchange.failed(new IOException("the connection was closed before the request"), true);
                return;
            }
            turn = this;
            HttpRequest request = exchange.request;
            DefaultHttpRequest head = new DefaultHttpRequest(
                    HttpVersion.HTTP_1_1, HttpMethod.valueOf(request.method()), request.target(), Http1Fields.request(request, exchange.upgrade() != null));
            channel.write(head);
            if (request.body() instanceof HttpRequest.Body.None) {
                requestEnded = true;
                channel.write(LastHttpContent.EMPTY_LAST_CONTENT);
            }
            channel.read();
        }

        @Override
        public void send(@Nullable ByteBuf bytes, int size, boolean end) {
            batch.add(() -> {
                if (turn != this) {
                    if (bytes != null) {
                        bytes.release();
                    }
                    return;
                }
                ChannelPromise written = channel.newPromise();
                written.addListener(done -> exchange.outbound.written(size, done.cause()));
                requestEnded |= end;
                if (end) {
                    channel.write(bytes == null ? LastHttpContent.EMPTY_LAST_CONTENT : new DefaultLastHttpContent(bytes, DefaultHttpHeadersFactory.trailersFactory()), written);
                } else {
                    channel.write(new DefaultHttpContent(bytes == null ? Unpooled.EMPTY_BUFFER : bytes), written);
                }
            });
        }

        void response(HttpResponse response) {
            if (response.decoderResult().isFailure()) {
                breakOff(new IOException("the server's answer is malformed: " + response.decoderResult().cause().getMessage()));
                return;
            }
            int status = response.status().code();
            if (status < 200 && status != 101) {
                return;
            }
            answerBegun = true;
            Headers headers = Http1Fields.received(response.headers());
            if (status == 101) {
                switched = headers;
                return;
            }
            keepAlive = HttpUtil.isKeepAlive(response) && (HttpUtil.isContentLengthSet(response) || HttpUtil.isTransferEncodingChunked(response) || status == 204 || status == 304
                    || exchange.request.method().equals("HEAD"));
            boolean bodiless = exchange.request.method().equals("HEAD") || status == 204 || status == 304;
            long announced = bodiless ? 0 : HttpUtil.isTransferEncodingChunked(response) ? -1 : HttpUtil.getContentLength(response, -1L);
            InboundBytes fresh = new InboundBytes(announced, Long.MAX_VALUE, this::consumed);
            body = fresh;
            exchange.answered(new ClientExchange.Answer(status, headers, "HTTP/1.1", fresh));
        }

        private void switchProtocol(Headers headers) {
            Consumer<ChannelPipeline> install = exchange.upgrade();
            if (install == null) {
                breakOff(new IOException("the server switched protocols without being asked"));
                return;
            }
            upgraded = true;
            turn = null;
            synchronized (Http1ClientConnection.this) {
                retired = true;
            }
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            ChannelPipeline pipeline = channel.pipeline();
            install.accept(pipeline);
            pipeline.remove(Http1ClientConnection.this);
            pipeline.remove(HttpClientCodec.class);
            InboundBytes none = new InboundBytes(0, 0, size -> { });
            none.end();
            exchange.answered(new ClientExchange.Answer(101, headers, "HTTP/1.1", none));
            onPlaces.run();
        }

        void content(HttpContent content) {
            Headers protocol = switched;
            if (protocol != null) {
                content.release();
                switchProtocol(protocol);
                return;
            }
            InboundBytes current = body;
            if (current == null || content.decoderResult().isFailure()) {
                content.release();
                if (content.decoderResult().isFailure()) {
                    breakOff(new IOException("the server's answer is malformed: " + content.decoderResult().cause()));
                }
                return;
            }
            current.offer(content.content());
            if (content instanceof LastHttpContent) {
                keepAlive &= requestEnded;
                finished(this); // first, so that whoever sees the end finds the connection free
                current.end();
                exchange.failed(new IOException("the answer is complete"), false); // ends a request body that nobody needs any more
            }
        }

        @Override
        public void consumed(int bytes) {
            channel.eventLoop().execute(Http1ClientConnection.this::readMore);
        }

        @Override
        public void cancel() {
            batch.add(() -> {
                cancelled = true;
                if (turn == this) {
                    breakOff(new IOException("cancelled"));
                }
            });
        }
    }
}
