package io.j8s.http;

import io.j8s.runtime.Timeline;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/// Opens connections: resolves the name, tries its addresses in order, agrees on TLS and protocol. Blocks the caller, never the event loop.
final class Dialer {

    private final EventLoops loops;
    private final ClientConfig config;
    private final Timeline timeline;
    private final Executor handshakes = task -> Thread.ofVirtual().name("tls-handshake").start(task);
    private volatile @Nullable ClientTlsEngines engines;

    Dialer(EventLoops loops, ClientConfig config, Timeline timeline) {
        this.loops = loops;
        this.config = config;
        this.timeline = timeline;
    }

    /// Whether the identity that connections should show has changed since the last one was opened.
    boolean identityChanged() {
        ClientTlsEngines current = engines;
        return current != null && !same(current.identity(), config.tls().identity().get());
    }

    /// Key and chain are compared as objects, for this happens for each request; not the identity, which may be made of them each time it is asked for.
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(@Nullable TlsIdentity one, @Nullable TlsIdentity other) {
        return one == other || (one != null && other != null && one.key() == other.key() && one.chain() == other.chain());
    }

    ClientConnection dial(URI uri, boolean http1Only, Runnable onPlaces) throws IOException, InterruptedException {
        boolean tls = "https".equals(uri.getScheme());
        String host = uri.getHost() == null ? "localhost" : uri.getHost();
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        IOException last = null;
        for (SocketAddress address : addresses(bare, port)) {
            try {
                return connect(address, tls ? currentEngines().engine(bare, port, !http1Only && !config.http1Only()) : null, onPlaces);
            } catch (IOException e) {
                if (last != null) {
                    e.addSuppressed(last);
                }
                last = e;
            }
        }
        ConnectException failure = new ConnectException(
                "cannot connect to " + uri.getScheme() + "://" + uri.getRawAuthority() + ": " + (last == null ? "the name has no address" : last.getMessage()));
        failure.initCause(last);
        throw failure;
    }

    private List<SocketAddress> addresses(String host, int port) throws IOException {
        Path socket = config.unixSocket();
        if (socket != null) {
            return List.of(UnixDomainSocketAddress.of(socket));
        }
        List<SocketAddress> addresses = new ArrayList<>();
        for (InetAddress address : InetAddress.getAllByName(host)) {
            addresses.add(new InetSocketAddress(address, port));
        }
        return addresses;
    }

    private synchronized ClientTlsEngines currentEngines() {
        ClientTlsEngines current = engines;
        TlsIdentity identity = config.tls().identity().get();
        if (current == null || !same(current.identity(), identity)) {
            current = new ClientTlsEngines(config.tls(), identity);
            engines = current;
        }
        return current;
    }

    private ClientConnection connect(SocketAddress address, @Nullable SSLEngine engine, Runnable onPlaces) throws IOException, InterruptedException {
        Promise<ClientConnection> ready = loops.group().next().newPromise();
        Bootstrap bootstrap = new Bootstrap().group(loops.group()).handler(new Setup(engine, onPlaces, ready));
        if (address instanceof UnixDomainSocketAddress) {
            bootstrap.channelFactory(() -> new NioDomainSocketChannel());
        } else {
            bootstrap.channel(NioSocketChannel.class).option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) config.connect().toMillis());
        }
        ChannelFuture connected = bootstrap.connect(address);
        connected.addListener(done -> {
            if (!done.isSuccess()) {
                ready.tryFailure(done.cause());
            }
        });
        try {
            if (!ready.await(config.connect().toMillis())) {
                throw new ConnectException(address + ": no connection within " + config.connect().toMillis() + " ms");
            }
        } catch (IOException | InterruptedException e) {
            connected.channel().close();
            throw e;
        }
        if (!ready.isSuccess()) {
            connected.channel().close();
            Throwable cause = ready.cause();
            throw new IOException(address + ": " + (cause.getMessage() == null ? cause.toString() : cause.getMessage()), cause);
        }
        return ready.getNow();
    }

    /// Sets the channel up, and reports the connection when it can take requests.
    private final class Setup extends ChannelInitializer<Channel> {
        private final @Nullable SSLEngine engine;
        private final Runnable onPlaces;
        private final Promise<ClientConnection> ready;

        Setup(@Nullable SSLEngine engine, Runnable onPlaces, Promise<ClientConnection> ready) {
            this.engine = engine;
            this.onPlaces = onPlaces;
            this.ready = ready;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (channel instanceof NioSocketChannel) {
                ServerChannels.TcpOptions.set(channel);
            }
            if (engine == null) {
                channel.pipeline().addLast(new OnConnect());
            } else {
                SslHandler tls = new SslHandler(engine, handshakes);
                tls.setHandshakeTimeoutMillis(config.connect().toMillis());
                channel.pipeline().addLast(tls, new OnConnect());
            }
        }

        private final class OnConnect extends ChannelInboundHandlerAdapter {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                if (engine == null) {
                    install(ctx);
                }
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event instanceof SslHandshakeCompletionEvent handshake) {
                    if (handshake.isSuccess()) {
                        install(ctx);
                    } else {
                        ready.tryFailure(handshake.cause());
                    }
                }
            }

            @Override
            public void channelInactive(ChannelHandlerContext ctx) {
                ready.tryFailure(new IOException("the server closed the connection"));
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                ready.tryFailure(cause);
                ctx.close();
            }

            private void install(ChannelHandlerContext ctx) {
                ClientConnection connection;
                if (engine != null && "h2".equals(engine.getApplicationProtocol())) {
                    Http2ClientConnection http2 = Http2ClientConnection.create(config, timeline, onPlaces);
                    ctx.pipeline().addLast(http2);
                    connection = http2;
                } else {
                    Http1ClientConnection http1 = new Http1ClientConnection(ctx.channel(), config, timeline, onPlaces);
                    ctx.pipeline().addLast(Http1ClientConnection.codec(config), http1);
                    connection = http1;
                }
                ctx.pipeline().remove(this);
                ready.trySuccess(connection);
            }
        }
    }
}
