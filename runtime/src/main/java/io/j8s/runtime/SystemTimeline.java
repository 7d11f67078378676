package io.j8s.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Real clocks, virtual threads, and the thread-local source of randomness.
final class SystemTimeline implements Timeline {

    static final SystemTimeline INSTANCE = new SystemTimeline();
    private static final Logger LOG = LoggerFactory.getLogger(SystemTimeline.class);

    private SystemTimeline() {}

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public RandomGenerator random() {
        return java.util.concurrent.ThreadLocalRandom.current();
    }

    @Override
    public Task start(String name, Body body) {
        return schedule(Duration.ZERO, name, body);
    }

    @Override
    public Task schedule(Duration delay, String name, Body body) {
        ThreadTask task = new ThreadTask(name, delay, body);
        task.thread.start();
        return task;
    }

    @Override
    public void sleep(Duration span) throws InterruptedException {
        if (span.isPositive()) {
            Thread.sleep(span);
        }
    }

    @Override
    public Gate gate() {
        return new ParkGate();
    }

    private static final class ThreadTask implements Task {
        final Thread thread;

        ThreadTask(String name, Duration delay, Body body) {
            thread = Thread.ofVirtual().name(name).unstarted(() -> {
                try {
                    if (delay.isPositive()) {
                        Thread.sleep(delay);
                    }
                    body.run();
                } catch (InterruptedException e) {
                    // cancelled: its normal end
                } catch (Throwable e) {
                    LOG.error("task {} ended by an exception", name, e);
                }
            });
        }

        @Override
        public boolean done() {
            return !thread.isAlive();
        }

        @Override
        public void cancel() {
            thread.interrupt();
        }

        @Override
        public void join() throws InterruptedException {
            thread.join();
        }

        @Override
        public void close() {
            cancel();
            boolean interrupted = false;
            while (true) {
                try {
                    thread.join();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// A waiter reads the count of signals before it looks at its condition, and sleeps only while the count has not moved: a signal between the look and the sleep is seen. There is no
    /// lock, for every event of every watch goes through a gate. Who queues up behind a signal's back has seen its count or does not sleep, so a signal need look no further than the first
    /// who has seen it. A thread may find itself woken once more by a signal that it had seen already; whatever parks threads allows for that.
    private static final class ParkGate implements Gate {
        private final AtomicLong signals = new AtomicLong();
        private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();

        /// One wait; not a record, for each is itself only.
        private static final class Waiter {
            private final Thread thread = Thread.currentThread();
            private final long seen;

            Waiter(long seen) {
                this.seen = seen;
            }
        }

        @Override
        public void signal() {
            long count = signals.incrementAndGet();
            for (Waiter next = waiters.peek(); next != null && next.seen < count; next = waiters.peek()) {
                if (waiters.remove(next)) {
                    LockSupport.unpark(next.thread);
                }
            }
        }

        @Override
        public void await(BooleanSupplier condition) throws InterruptedException {
            await(condition, null);
        }

        @Override
        public boolean await(BooleanSupplier condition, @Nullable Duration atMost) throws InterruptedException {
            long end = atMost == null ? 0 : System.nanoTime() + atMost.toNanos();
            while (true) {
                long seen = signals.get();
                if (condition.getAsBoolean()) {
                    return true;
                }
                if (!awaitSignal(seen, atMost != null, end)) {
                    return false;
                }
            }
        }

        /// False when the time is up.
        private boolean awaitSignal(long seen, boolean timed, long end) throws InterruptedException {
            Waiter self = new Waiter(seen);
            waiters.add(self);
            while (signals.get() == seen) {
                if (Thread.interrupted()) {
                    waiters.remove(self);
                    throw new InterruptedException();
                }
                if (!timed) {
                    LockSupport.park(this);
                    continue;
                }
                long left = end - System.nanoTime();
                if (left <= 0) {
                    waiters.remove(self);
                    return false;
                }
                LockSupport.parkNanos(this, left);
            }
            return true;
        }
    }
}
