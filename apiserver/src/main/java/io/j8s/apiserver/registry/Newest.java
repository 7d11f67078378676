package io.j8s.apiserver.registry;

import io.j8s.runtime.Gate;
import io.j8s.runtime.Timeline;
import io.j8s.store.Store;
import io.j8s.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/// The newest revision of a store that others write to, asked of the store itself. Whoever comes while a question is under way shares the next one: however many ask at
/// a time, two questions are enough.
final class Newest {

    private final Store store;
    private final Gate gate;
    /// Guards the fields.
    private final Object lock = new Object();
    private long begun;
    private volatile long ended;
    private volatile boolean asking;
    private long revision;
    private @Nullable StoreUnavailableException failure;

    Newest(Store store, Timeline timeline) {
        this.store = store;
        this.gate = timeline.gate();
    }

    /// A revision that is not older than the newest one was when this was called.
    ///
    /// @throws StoreUnavailableException when the store does not answer
    long revision() throws InterruptedException {
        long wanted;
        synchronized (lock) {
            wanted = begun + 1;
        }
        while (true) {
            synchronized (lock) {
                if (ended >= wanted) {
                    return answer();
                }
                if (!asking) {
                    asking = true;
                    begun++;
                    break;
                }
            }
            gate.await(() -> ended >= wanted || !asking);
        }
        return ask();
    }

    private long ask() {
        long found = 0;
        StoreUnavailableException failed = null;
        boolean answered = false;
        try {
            found = store.revision();
            answered = true;
        } catch (StoreUnavailableException e) {
            failed = e;
            answered = !Thread.currentThread().isInterrupted(); // whose client goes away gives up only his own question: another one asks again
        } finally {
            synchronized (lock) {
                asking = false;
                if (answered) {
                    revision = Math.max(revision, found);
                    failure = failed;
                    ended = begun;
                }
            }
            gate.signal();
        }
        if (failed != null) {
            throw failed;
        }
        return found;
    }

    private long answer() {
        if (failure != null) {
            throw failure;
        }
        return revision;
    }
}
