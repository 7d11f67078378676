package io.j8s.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sets up each accepted connection: TLS, then the protocol that client and server agree on. The handshake's costly steps run on virtual threads.
@ChannelHandler.Sharable
final class ServerChannels extends ChannelInitializer<Channel> {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final ServerCore core;
    private final @Nullable ServerTlsEngines engines;
    private final Executor handshakes = task -> Thread.ofVirtual().name("tls-handshake").start(task);

    ServerChannels(ServerCore core, @Nullable ServerTls tls) {
        this.core = core;
        this.engines = tls == null ? null : new ServerTlsEngines(tls);
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!core.accepted(channel)) {
            channel.close();
            return;
        }
        if (channel instanceof SocketChannel) {
            TcpOptions.set(channel);
        }
        ChannelPipeline pipeline = channel.pipeline();
        if (engines == null) {
            pipeline.addLast(new PlaintextChoice());
            return;
        }
        SslHandler tls = new SslHandler(engines.engine(), handshakes);
        tls.setHandshakeTimeoutMillis(core.limits().handshake().toMillis());
        pipeline.addLast(tls, new TlsChoice(tls.engine()));
    }

    private void installHttp1(ChannelHandlerContext ctx, List<X509Certificate> certificates) {
        ConnectionInfo info = new ConnectionInfo("HTTP/1.1", ctx.channel().remoteAddress(), ctx.channel().localAddress(), certificates);
        ctx.pipeline().addLast(Http1Fields.serverCodec(core.limits().headerBytes()), new Http1ServerConnection(core, info, ctx.channel()));
    }

    private void installHttp2(ChannelHandlerContext ctx, List<X509Certificate> certificates) {
        ConnectionInfo info = new ConnectionInfo("HTTP/2", ctx.channel().remoteAddress(), ctx.channel().localAddress(), certificates);
        ctx.pipeline().addLast(Http2ServerBuilder.connection(core, info));
    }

    /// Waits for the handshake and follows ALPN.
    private final class TlsChoice extends ChannelInboundHandlerAdapter {
        private final SSLEngine engine;

        TlsChoice(SSLEngine engine) {
            this.engine = engine;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
                ctx.fireUserEventTriggered(event);
                return;
            }
            if (!handshake.isSuccess()) {
                core.handshakeFailed();
                LOG.debug("TLS handshake with {} failed: {}", ctx.channel().remoteAddress(), handshake.cause().toString());
                ctx.close();
                return;
            }
            if ("h2".equals(engine.getApplicationProtocol())) {
                installHttp2(ctx, certificates());
            } else {
                installHttp1(ctx, certificates());
            }
            ctx.pipeline().remove(this);
        }

        private List<X509Certificate> certificates() {
            try {
                List<X509Certificate> chain = new ArrayList<>();
                for (Certificate certificate : engine.getSession().getPeerCertificates()) {
                    chain.add((X509Certificate) certificate);
                }
                return List.copyOf(chain);
            } catch (SSLPeerUnverifiedException none) {
                return List.of();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /// Looks at the first bytes: an HTTP/2 preface (RFC 9113 section 3.4), or else HTTP/1.1.
    private final class PlaintextChoice extends ByteToMessageDecoder {

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.channel().eventLoop().schedule(() -> {
                if (!ctx.isRemoved()) {
                    ctx.close();
                }
            }, core.limits().header().toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            byte[] preface = {'P', 'R', 'I', ' '};
            int size = Math.min(in.readableBytes(), preface.length);
            for (int i = 0; i < size; i++) {
                if (in.getByte(in.readerIndex() + i) != preface[i]) {
                    installHttp1(ctx, List.of());
                    ctx.pipeline().remove(this);
                    return;
                }
            }
            if (size == preface.length) {
                installHttp2(ctx, List.of());
                ctx.pipeline().remove(this);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /// Finds dead peers within a minute or two, and sends at once.
    static final class TcpOptions {
        private static final int KEEP_ALIVE_SECONDS = 30;
        private static final int KEEP_ALIVE_PROBES = 4;

        private TcpOptions() {}

        static void set(Channel channel) {
            channel.config().setOption(ChannelOption.TCP_NODELAY, true);
            channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
            channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), KEEP_ALIVE_SECONDS);
            channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), KEEP_ALIVE_SECONDS / 2);
            channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), KEEP_ALIVE_PROBES);
        }
    }
}
