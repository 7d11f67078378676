package io.j8s.apiserver;

import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.store.CompactedException;
import io.j8s.store.FutureRevisionException;
import io.j8s.store.Store;
import io.j8s.store.StoreUnavailableException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Bounds the memory that history takes: when it grows large before its time is over ([Compactor]), all but the newest half is forgotten. Who comes back with an
/// older revision is told that it expired, as after any compaction. A store whose history is not in this process is left alone.
final class HistoryLimit implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryLimit.class);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final long MOST_BYTES = 96L << 20;

    private final Store store;
    private final Task task;

    private HistoryLimit(Store store, Timeline timeline) {
        this.store = store;
        this.task = timeline.start("bound history", () -> {
            while (true) {
                timeline.sleep(LOOK);
                look();
            }
        });
    }

    static HistoryLimit start(Store store, Timeline timeline) {
        return new HistoryLimit(store, timeline);
    }

    private void look() {
        try {
            if (store.oldestRevisionWithin(MOST_BYTES) > store.compactedRevision()) {
                long from = store.oldestRevisionWithin(MOST_BYTES / 2);
                LOG.info("History of more than {} MiB is shortened to what followed revision {}", MOST_BYTES >> 20, from);
                store.compact(from);
            }
        } catch (CompactedException | FutureRevisionException e) {
            LOG.debug("the history is shorter already: {}", e.getMessage());
        } catch (StoreUnavailableException e) {
            LOG.warn("the history cannot be shortened now: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        task.close();
    }
}
