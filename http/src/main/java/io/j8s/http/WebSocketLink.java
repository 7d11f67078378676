package io.j8s.http;

import io.j8s.runtime.Timeline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A WebSocket over a channel, either side. Frames are taken apart, joined to messages and checked on the event loop, which also answers pings; the socket is
/// read only while the receiver keeps up. The monitor guards the queue of messages and the end.
final class WebSocketLink extends ChannelInboundHandlerAdapter implements WebSocket {

    private static final int READ_AHEAD_BYTES = 256 * 1024;
    private static final long CLOSE_GRACE_MILLIS = 2000;

    private final Channel channel;
    private volatile String subprotocol = "";
    private final Batch batch;
    private final OutboundBytes outbound;
    private final ArrayDeque<Message> received = new ArrayDeque<>(2);
    private int receivedBytes;
    private boolean ended;
    private int closeCode = 1006;
    private String closeReason = "";
    private @Nullable IOException failure;
    private boolean closeSent;

    WebSocketLink(Channel channel, Timeline timeline, Duration stall) {
        this.channel = channel;
        this.batch = new Batch(channel.eventLoop(), channel::flush);
        this.outbound = new OutboundBytes(timeline, (bytes, size, end) -> { }, stall);
    }

    void chose(String agreed) {
        subprotocol = agreed;
    }

    /// Puts codec and this handler at the end of the pipeline.
    void install(ChannelPipeline pipeline, boolean server, int largestMessageBytes) {
        WebSocketDecoderConfig config = WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(largestMessageBytes).expectMaskedFrames(server).allowMaskMismatch(false).allowExtensions(false).closeOnProtocolViolation(false)
                .withUTF8Validator(false).build();
        pipeline.addLast(new WebSocket13FrameEncoder(!server), new WebSocket13FrameDecoder(config), new Utf8FrameValidator(false),
                new WebSocketFrameAggregator(largestMessageBytes), this);
    }

    // ---- the event loop's side

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof WebSocketFrame frame) {
            try {
                accept(ctx, frame);
            } finally {
                frame.release();
            }
        }
    }

    private void accept(ChannelHandlerContext ctx, WebSocketFrame frame) {
        switch (frame) {
            case TextWebSocketFrame text -> enqueue(true, text.content());
            case BinaryWebSocketFrame binary -> enqueue(false, binary.content());
            case PingWebSocketFrame ping -> channel.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
            case CloseWebSocketFrame close -> closedByPeer(close.statusCode() < 0 ? 1005 : close.statusCode(), close.reasonText());
            default -> { } // pongs
        }
    }

    private synchronized void enqueue(boolean text, ByteBuf content) {
        Message message = new Message(text, ByteBufUtil.getBytes(content));
        received.add(message);
        receivedBytes += message.bytes().length;
        notifyAll();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readMore();
    }

    private void readMore() {
        boolean room;
        synchronized (this) {
            room = receivedBytes < READ_AHEAD_BYTES;
        }
        if (room) {
            channel.read();
        }
    }

    private void closedByPeer(int code, String reason) {
        outbound.fail(new IOException("the WebSocket is closed"));
        endReceiving(code, reason, null);
        sendClose(code == 1005 ? 1000 : code, "");
    }

    private synchronized void endReceiving(int code, String reason, @Nullable IOException cause) {
        if (!ended) {
            ended = true;
            closeCode = code;
            closeReason = reason;
            failure = cause;
        }
        notifyAll();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        endReceiving(1006, "the connection ended without a close frame", null);
        outbound.fail(new IOException("the WebSocket is closed"));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof io.netty.channel.socket.ChannelInputShutdownEvent) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Throwable root = cause.getCause() instanceof CorruptedFrameException || cause.getCause() instanceof TooLongFrameException ? cause.getCause() : cause;
        int code = root instanceof TooLongFrameException ? 1009 : root instanceof CorruptedFrameException corrupted && String.valueOf(corrupted.getMessage()).contains("UTF-8") ? 1007 : 1002;
        endReceiving(code, String.valueOf(root.getMessage()), new IOException("the WebSocket peer broke the protocol: " + root.getMessage(), root));
        if (root instanceof IOException) {
            ctx.close();
        } else {
            sendClose(code, code == 1009 ? "the message is too large" : "");
        }
    }

    /// Sends a close frame once, then waits a little for the peer to end the connection.
    private void sendClose(int code, String reason) {
        if (closeSent) {
            return;
        }
        closeSent = true;
        outbound.fail(new IOException("the WebSocket is closed"));
        boolean sendable = WebSocketCloseStatus.isValidStatusCode(code);
        channel.writeAndFlush(sendable ? new CloseWebSocketFrame(true, 0, code, reason) : new CloseWebSocketFrame(true, 0)).addListener(done -> {
            boolean peerDone;
            synchronized (this) {
                peerDone = ended;
            }
            if (peerDone || !done.isSuccess()) {
                channel.close();
            } else {
                channel.read();
                channel.eventLoop().schedule(() -> channel.close(), CLOSE_GRACE_MILLIS, TimeUnit.MILLISECONDS);
            }
        });
    }

    // ---- the user's side

    @Override
    public String subprotocol() {
        return subprotocol;
    }

    @Override
    public @Nullable Message receive() throws IOException, InterruptedException {
        Message message;
        boolean resume;
        synchronized (this) {
            while (received.isEmpty()) {
                if (failure != null) {
                    throw failure;
                }
                if (ended) {
                    return null;
                }
                wait();
            }
            message = received.removeFirst();
            resume = receivedBytes >= READ_AHEAD_BYTES;
            receivedBytes -= message.bytes().length;
            resume &= receivedBytes < READ_AHEAD_BYTES;
        }
        if (resume) {
            channel.eventLoop().execute(this::readMore);
        }
        return message;
    }

    @Override
    public synchronized int closeCode() {
        return closeCode;
    }

    @Override
    public synchronized String closeReason() {
        return closeReason;
    }

    @Override
    public void sendBinary(byte[] bytes, int offset, int length) throws IOException {
        send(new BinaryWebSocketFrame(Unpooled.copiedBuffer(bytes, offset, length)), length);
    }

    @Override
    public void sendText(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(new TextWebSocketFrame(Unpooled.wrappedBuffer(bytes)), bytes.length);
    }

    @Override
    public void ping() throws IOException {
        send(new PingWebSocketFrame(), 0);
    }

    private void send(WebSocketFrame frame, int size) throws IOException {
        outbound.reserve(size);
        batch.add(() -> {
            if (closeSent) {
                frame.release();
                outbound.written(size, null);
                return;
            }
            ChannelPromise written = channel.newPromise();
            written.addListener(done -> outbound.written(size, done.cause()));
            channel.write(frame, written);
        });
    }

    @Override
    public void close(int code, String reason) {
        batch.add(() -> sendClose(code, reason));
    }

    @Override
    public void close() {
        close(1000, "");
    }
}
