package io.j8s.http;

import io.j8s.runtime.Timeline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A connection's bytes as blocking streams: the last handler of a channel whose automatic reading is off. It reads from the socket only while its reader keeps up.
final class RawStream extends ChannelInboundHandlerAdapter implements ByteStream {

    private static final int READ_AHEAD_BYTES = 128 * 1024;

    private final Channel channel;
    private final Batch batch;
    private final InboundBytes inbound;
    private final OutboundBytes outbound;
    private final OutputStream output = new Output();

    RawStream(Channel channel, Timeline timeline, Duration stall) {
        this.channel = channel;
        this.batch = new Batch(channel.eventLoop(), channel::flush);
        this.inbound = new InboundBytes(-1, Long.MAX_VALUE, taken -> channel.eventLoop().execute(this::readMore));
        this.outbound = new OutboundBytes(timeline, this::send, stall);
    }

    // ---- the event loop's side

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        inbound.offer((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readMore();
    }

    private void readMore() {
        if (inbound.buffered() < READ_AHEAD_BYTES) {
            channel.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            inbound.end();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        inbound.end();
        outbound.fail(new IOException("the connection is closed"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        inbound.fail(cause instanceof IOException io ? io : new IOException(cause.getMessage(), cause));
        ctx.close();
    }

    private void send(@Nullable ByteBuf bytes, int size, boolean end) {
        batch.add(() -> {
            ChannelPromise written = channel.newPromise();
            written.addListener(done -> outbound.written(size, done.cause()));
            channel.write(bytes == null ? Unpooled.EMPTY_BUFFER : bytes, written);
            if (end) {
                written.addListener(done -> endOutput());
            }
        });
    }

    private void endOutput() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }

    // ---- the user's side

    @Override
    public InputStream input() {
        return inbound;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void closeOutput() throws IOException {
        outbound.end();
    }

    @Override
    public void close() {
        inbound.discard();
        batch.add(() -> channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> channel.close()));
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        /// Copies what it does not send at once: callers reuse their buffers.
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            byte[] own = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
            outbound.write(own, 0, length);
            outbound.flush();
        }

        @Override
        public void close() throws IOException {
            closeOutput();
        }
    }
}
