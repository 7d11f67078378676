package io.j8s.http;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/// The threads that move bytes for servers and clients: one instance for a process (or a test), shared by all of them.
/// A loop thread never runs a handler and never blocks. Close it after the servers and clients that use it.
public final class EventLoops implements AutoCloseable {

    private final MultiThreadIoEventLoopGroup group;

    /// @param threads how many; each connection belongs to one of them
    public EventLoops(int threads) {
        group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("j8s-net", true), NioIoHandler.newFactory());
    }

    /// As many loops as serve the machine well: half of its cores, for the other half runs the handlers.
    public static EventLoops forThisMachine() {
        return new EventLoops(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    EventLoopGroup group() {
        return group;
    }

    /// Ends the threads; whatever is still open is closed.
    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
}
