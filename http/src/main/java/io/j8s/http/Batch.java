package io.j8s.http;

import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Work that threads hand to one connection's event loop. What gathers before the loop gets to it is done in one go, with
/// one flush at the end: under load many replies share one TLS record and one system call, and nothing waits for others to come.
final class Batch implements Runnable {

    private final EventLoop loop;
    private final Runnable flush;
    private final ConcurrentLinkedQueue<Runnable> work = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    Batch(EventLoop loop, Runnable flush) {
        this.loop = loop;
        this.flush = flush;
    }

    /// Queues an action; actions run in the order of these calls. After the loop has ended they are dropped: its channels are closed.
    void add(Runnable action) {
        work.add(action);
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            try {
                loop.execute(this);
            } catch (RejectedExecutionException e) {
                work.clear();
            }
        }
    }

    @Override
    public void run() {
        scheduled.set(false);
        try {
            for (Runnable action = work.poll(); action != null; action = work.poll()) {
                action.run();
            }
        } finally {
            flush.run();
        }
    }
}
