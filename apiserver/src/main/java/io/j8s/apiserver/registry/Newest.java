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
        ask();
        synchronized (lock) {
            return answer();
        }
    }

    private void ask() {
        long found = 0;
        StoreUnavailableException failed = null;
        try {
            found = store.revision();
        } catch (StoreUnavailableException e) {
            failed = e;
        } finally {
            synchronized (lock) {
                revision = Math.max(revision, found);
                failure = failed;
                ended = begun;
                asking = false;
            }
            gate.signal();
        }
    }

    private long answer() {
        if (failure != null) {
            throw failure;
        }
        return revision;
    }
}
