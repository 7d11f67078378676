package io.j8s.http;

import io.j8s.runtime.Gate;
import io.j8s.runtime.Timeline;
import io.netty.channel.Channel;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What all connections of a server share: the handler and its threads, the limits, the clock, and the list of connections.
final class ServerCore {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", java.util.Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final long SECOND_NANOS = 1_000_000_000L;

    /// A connection, as the server sees it. Both methods may be called from any thread.
    interface Connection {
        /// Takes no further requests, lets those under way finish, then closes.
        void drain();

        /// Closes at once.
        void abort();
    }

    private final Handler handler;
    private final ServerLimits limits;
    private final Timeline timeline;
    private final ThreadFactory threads = Thread.ofVirtual().name("http-exchange").inheritInheritableThreadLocals(false).factory();
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final LongAdder failedHandshakes = new LongAdder();
    private final AtomicInteger running = new AtomicInteger();
    private final Gate changed;
    private volatile boolean draining;
    private volatile Date date = new Date(Long.MIN_VALUE, "");

    private record Date(long validUntilNanos, String text) {}

    ServerCore(Handler handler, ServerLimits limits, Timeline timeline) {
        this.handler = handler;
        this.limits = limits;
        this.timeline = timeline;
        this.changed = timeline.gate();
    }

    ServerLimits limits() {
        return limits;
    }

    Timeline timeline() {
        return timeline;
    }

    // ---- exchanges

    /// Runs the handler on a thread of its own; `ended` is called by that thread at the very end.
    void start(ServerExchange exchange, Runnable ended) {
        running.incrementAndGet();
        threads.newThread(() -> run(exchange, ended)).start();
    }

    private void run(ServerExchange exchange, Runnable ended) {
        Throwable failure = null;
        try {
            if (exchange.startedBy(Thread.currentThread())) {
                handler.handle(exchange);
            }
        } catch (Throwable e) {
            failure = e;
            logFailure(exchange, e);
        } finally {
            exchange.endedByHandler();
            exchange.finish(failure);
            ended.run();
            if (running.decrementAndGet() == 0 && draining) {
                changed.signal();
            }
        }
    }

    private static void logFailure(ServerExchange exchange, Throwable failure) {
        boolean expected = exchange.closed() && (failure instanceof IOException || failure instanceof InterruptedException);
        if (expected) {
            LOG.debug("{} {} ended: the client went away", exchange.method(), exchange.path());
        } else {
            LOG.error("{} {} failed", exchange.method(), exchange.path(), failure);
        }
    }

    void warn(String what, ServerExchange.Request request) {
        LOG.warn("{} {}: {}", request.method(), request.target(), what);
    }

    void runQuietly(Runnable action, ServerExchange.Request request) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("{} {}: an action at its end failed", request.method(), request.target(), e);
        }
    }

    // ---- connections

    /// Counts a connection from its first moment, before TLS; answers false when there are too many.
    boolean accepted(Channel channel) {
        if (draining || channels.size() >= limits.connections()) {
            return false;
        }
        channels.add(channel);
        channel.closeFuture().addListener(done -> {
            channels.remove(channel);
            if (draining) {
                changed.signal();
            }
        });
        return true;
    }

    /// Answers false when the connection must be refused.
    boolean opened(Connection connection) {
        if (draining) {
            return false;
        }
        connections.add(connection);
        return true;
    }

    void closed(Connection connection) {
        connections.remove(connection);
    }

    void handshakeFailed() {
        failedHandshakes.increment();
    }

    long failedHandshakes() {
        return failedHandshakes.sum();
    }

    int openConnections() {
        return channels.size();
    }

    /// Lets all connections end with the requests that are under way on them.
    void drain() {
        draining = true;
        connections.forEach(Connection::drain);
    }

    /// Ends all connections as their requests finish, and waits for it within the grace.
    void drain(java.time.Duration grace) throws InterruptedException {
        drain();
        changed.await(() -> channels.isEmpty() && running.get() == 0, grace);
    }

    void abort(java.time.Duration atMost) throws InterruptedException {
        draining = true;
        connections.forEach(Connection::abort);
        channels.forEach(Channel::close); // those whose handshake is not done
        if (!changed.await(() -> channels.isEmpty() && running.get() == 0, atMost)) {
            LOG.warn("{} connections and {} handlers did not end within {} s after they were interrupted", channels.size(), running.get(), atMost.toSeconds());
        }
    }

    boolean draining() {
        return draining;
    }

    /// The `date` field's value, formatted once a second.
    String dateHeader() {
        Date current = date;
        long nanos = timeline.nanoTime();
        if (current.text.isEmpty() || nanos - current.validUntilNanos >= 0) {
            Instant now = timeline.now();
            current = new Date(nanos + SECOND_NANOS - now.getNano(), HTTP_DATE.format(now));
            date = current;
        }
        return current.text;
    }
}
