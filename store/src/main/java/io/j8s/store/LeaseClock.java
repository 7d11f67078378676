package io.j8s.store;

import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Wakes when the first lease may be over, and ends those that are. While there is no lease nothing is scheduled; a lease that is kept alive
/// costs one wake-up in each of its periods.
final class LeaseClock implements AutoCloseable {

    private static final Duration RETRY = Duration.ofSeconds(2);

    private final Timeline timeline;
    private final Supplier<State> state;
    private final LongConsumer expire;
    private @Nullable Task task;
    private long dueNanos;
    private boolean closed;

    /// @param expire ends a lease, unless it was kept alive in the meantime
    LeaseClock(Timeline timeline, Supplier<State> state, LongConsumer expire) {
        this.timeline = timeline;
        this.state = state;
        this.expire = expire;
    }

    /// Makes sure that it wakes in so many nanoseconds, or before.
    synchronized void arm(long inNanos) {
        long due = timeline.nanoTime() + inNanos;
        if (closed || task != null && dueNanos - due <= 0) {
            return;
        }
        if (task != null) {
            task.cancel();
        }
        dueNanos = due;
        task = timeline.schedule(Duration.ofNanos(Math.max(0, inNanos)), "store-leases", this::wake);
    }

    private void wake() {
        synchronized (this) {
            if (timeline.nanoTime() - dueNanos < 0) {
                // Cancelled too late: another task has taken its place.
                return;
            }
            task = null;
        }
        try {
            for (long id : expired()) {
                expire.accept(id);
            }
            armForNext();
        } catch (StoreUnavailableException e) {
            arm(RETRY.toNanos());
        }
    }

    private List<Long> expired() {
        long now = timeline.nanoTime();
        List<Long> over = new ArrayList<>();
        state.get().leases().forEach(KeyRange.ALL, lease -> lease.remainingNanos(now) > 0 || over.add(lease.id));
        return over;
    }

    /// Arms for the lease that ends first, if there is any.
    void armForNext() {
        long now = timeline.nanoTime();
        long[] first = {Long.MAX_VALUE};
        state.get().leases().forEach(KeyRange.ALL, lease -> {
            first[0] = Math.min(first[0], lease.remainingNanos(now));
            return true;
        });
        if (first[0] != Long.MAX_VALUE) {
            arm(first[0]);
        }
    }

    @Override
    public void close() {
        Task last;
        synchronized (this) {
            closed = true;
            last = task;
            task = null;
        }
        if (last != null) {
            last.close();
        }
    }
}
