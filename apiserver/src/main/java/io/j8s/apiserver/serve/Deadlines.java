package io.j8s.apiserver.serve;

import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The requests that are under way and when their time is up. As good as all of them have the same time, and are done long before: one task looks at the list whenever the one
/// that is due first may be due, and there is none while nothing is under way. Threads: any.
final class Deadlines implements AutoCloseable {

    private final Timeline timeline;
    private final Duration longest;
    private final Set<EdgeExchange> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watched = new AtomicBoolean();
    private final Gate drained;
    private volatile boolean draining;
    private volatile @Nullable Task task;

    /// @param longest how long a request may take
    Deadlines(Timeline timeline, Duration longest) {
        this.timeline = timeline;
        this.longest = longest;
        this.drained = timeline.gate();
    }

    /// Counts a request until it is closed.
    ///
    /// @param within a shorter time than the longest, or null
    Entry enter(EdgeExchange exchange, @Nullable Duration within) {
        boolean sooner = within != null && within.isPositive() && within.compareTo(longest) < 0;
        Duration time = sooner && within != null ? within : longest;
        underWay.add(exchange.until(timeline.nanoTime() + time.toNanos()));
        if (sooner) {
            return new Entry(exchange, timeline.schedule(time, "request-deadline", exchange::expire));
        }
        if (!watched.get() && watched.compareAndSet(false, true)) {
            task = timeline.schedule(longest, "request-deadlines", this::watch);
        }
        return new Entry(exchange, null);
    }

    /// Waits until no request is under way, at most as long as one may take.
    void drain() throws InterruptedException {
        draining = true;
        drained.await(underWay::isEmpty, longest);
    }

    /// One request's place.
    final class Entry implements AutoCloseable {
        private final EdgeExchange exchange;
        private final @Nullable Task own;

        private Entry(EdgeExchange exchange, @Nullable Task own) {
            this.exchange = exchange;
            this.own = own;
        }

        @Override
        public void close() {
            exchange.done();
            underWay.remove(exchange);
            if (draining) {
                drained.signal();
            }
            if (own != null) {
                own.cancel();
            }
        }
    }

    private void watch() throws InterruptedException {
        while (true) {
            long now = timeline.nanoTime();
            long next = Long.MAX_VALUE;
            for (EdgeExchange exchange : underWay) {
                long left = exchange.deadlineNanos() - now;
                if (left <= 0) {
                    exchange.expire();
                } else {
                    next = Math.min(next, left);
                }
            }
            if (next == Long.MAX_VALUE) {
                watched.set(false);
                if (underWay.isEmpty() || !watched.compareAndSet(false, true)) {
                    return;
                }
                next = longest.toNanos(); // one came meanwhile
            }
            timeline.sleep(Duration.ofNanos(next));
        }
    }

    @Override
    public void close() {
        Task last = task;
        if (last != null) {
            last.close();
        }
    }
}
