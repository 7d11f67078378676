package io.j8s.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
        return new LockGate();
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

    /// The lock guards nothing but the order of signals and waits: a waiter looks at its condition while it holds no lock, but
    /// reads the count of signals first, so that a signal between the look and the wait is seen.
    private static final class LockGate implements Gate {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final AtomicLong signals = new AtomicLong();

        @Override
        public void signal() {
            lock.lock();
            try {
                signals.incrementAndGet();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void await(BooleanSupplier condition) throws InterruptedException {
            await(condition, null);
        }

        @Override
        public boolean await(BooleanSupplier condition, @Nullable Duration atMost) throws InterruptedException {
            long end = atMost == null ? Long.MAX_VALUE : System.nanoTime() + atMost.toNanos();
            while (true) {
                long seen = signals.get();
                if (condition.getAsBoolean()) {
                    return true;
                }
                lock.lockInterruptibly();
                try {
                    while (signals.get() == seen) {
                        if (atMost == null) {
                            changed.await();
                        } else {
                            long left = end - System.nanoTime();
                            if (left <= 0) {
                                return false;
                            }
                            changed.awaitNanos(left);
                        }
                    }
                } finally {
                    lock.unlock();
                }
            }
        }
    }
}
