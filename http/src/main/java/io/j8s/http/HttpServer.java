package io.j8s.http;

import io.j8s.runtime.Timeline;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/// A server for HTTP/1.1 and HTTP/2 on one TCP port or Unix socket, with TLS or without. The protocol is agreed in the TLS handshake (ALPN) or, in plaintext, seen from
/// the client's first bytes.
///
/// Each exchange runs on a virtual thread of its own, which is interrupted when its client goes away. Sockets are read only as fast as handlers read
/// bodies, and handlers' writes block while their client does not take bytes, so memory stays bounded.
public final class HttpServer implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(5);

    private final ServerCore core;
    private final Channel listening;
    private final Listen listen;
    private boolean closed;

    private HttpServer(ServerCore core, Channel listening, Listen listen) {
        this.core = core;
        this.listening = listening;
        this.listen = listen;
    }

    /// Binds and serves from the moment it returns.
    ///
    /// @throws BindException when the address cannot be taken; the message says who holds it, where the system tells
    public static HttpServer start(EventLoops loops, ServerConfig config, Timeline timeline, Handler handler) throws IOException {
        ServerCore core = new ServerCore(handler, config.limits(), timeline);
        ServerBootstrap bootstrap = new ServerBootstrap().group(loops.group()).childHandler(new ServerChannels(core, config.tls()))
                .option(ChannelOption.SO_BACKLOG, 1024);
        SocketAddress address = switch (config.listen()) {
            case Listen.Tcp tcp -> {
                bootstrap.channel(NioServerSocketChannel.class).option(ChannelOption.SO_REUSEADDR, true);
                if (tcp.shared()) {
                    bootstrap.option(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
                }
                yield tcp.host().isEmpty() ? new InetSocketAddress(tcp.port()) : new InetSocketAddress(tcp.host(), tcp.port());
            }
            case Listen.Unix unix -> {
                bootstrap.channelFactory(() -> new NioServerDomainSocketChannel());
                removeStale(unix.path());
                yield UnixDomainSocketAddress.of(unix.path());
            }
        };
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw bindFailure(config.listen(), address, bound.cause());
        }
        if (config.listen() instanceof Listen.Unix unix) {
            Files.setPosixFilePermissions(unix.path(), PosixFilePermissions.fromString("rw-------"));
        }
        return new HttpServer(core, bound.channel(), config.listen());
    }

    private static BindException bindFailure(Listen listen, SocketAddress address, Throwable cause) {
        String place = switch (listen) {
            case Listen.Tcp tcp -> (tcp.host().isEmpty() ? "*" : tcp.host()) + ":" + tcp.port();
            case Listen.Unix unix -> unix.path().toString();
        };
        String holder = address instanceof InetSocketAddress inet ? PortHolder.describe(inet.getPort()) : "";
        BindException failure = new BindException("cannot listen on " + place + ": " + cause.getMessage() + holder);
        failure.initCause(cause);
        return failure;
    }

    /// A socket file outlives its process; one that somebody still answers on is left alone, and the bind fails.
    private static void removeStale(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException nobodyThere) {
            Files.deleteIfExists(path);
        }
    }

    /// The port that is listened on; -1 for a Unix socket.
    public int port() {
        return listening.localAddress() instanceof InetSocketAddress inet ? inet.getPort() : -1;
    }

    public SocketAddress address() {
        return listening.localAddress();
    }

    /// The number of connections that are open.
    public int connections() {
        return core.openConnections();
    }

    /// How many connections ended in their TLS handshake, since the start.
    public long failedHandshakes() {
        return core.failedHandshakes();
    }

    /// Stops accepting and tells clients to go elsewhere (GOAWAY, `connection: close`); what is under way goes on, and the connections end with it. Returns at once; to be
    /// followed by [#shutdown].
    public void drain() {
        listening.close().awaitUninterruptibly();
        core.drain();
    }

    /// Stops accepting, tells clients to go elsewhere (GOAWAY, `connection: close`), lets requests under way finish within the grace, and then breaks
    /// off what is left (its handlers are interrupted). Returns when all is closed.
    public void shutdown(Duration grace) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        listening.close().awaitUninterruptibly();
        try {
            core.drain(grace);
            core.abort(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (listen instanceof Listen.Unix unix) {
            unix.path().toFile().delete();
        }
    }

    /// Shuts down without a grace.
    @Override
    public void close() {
        shutdown(Duration.ZERO);
    }
}
