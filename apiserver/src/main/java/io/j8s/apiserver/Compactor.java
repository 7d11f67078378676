package io.j8s.apiserver;

import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.store.CompactedException;
import io.j8s.store.FutureRevisionException;
import io.j8s.store.Store;
import java.time.Duration;

/// Lets the store forget what is older than five minutes, every five minutes: so long can a page of a list, or a watch, be away.
final class Compactor implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofMinutes(5);

    private final Task task;

    private Compactor(Task task) {
        this.task = task;
    }

    static Compactor start(Store store, Timeline timeline) {
        return new Compactor(timeline.start("compact history", () -> {
            long before = store.revision();
            while (true) {
                timeline.sleep(PERIOD);
                long now = store.revision();
                if (before > store.compactedRevision()) {
                    compact(store, before);
                }
                before = now;
            }
        }));
    }

    private static void compact(Store store, long revision) {
        try {
            store.compact(revision);
        } catch (CompactedException | FutureRevisionException e) {
            // another server compacts the same store: it has done so already
        }
    }

    @Override
    public void close() {
        task.close();
    }
}
