package io.j8s.apiserver;

import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.store.CompactedException;
import io.j8s.store.Condition;
import io.j8s.store.Entry;
import io.j8s.store.FutureRevisionException;
import io.j8s.store.Key;
import io.j8s.store.KeyRange;
import io.j8s.store.Operation;
import io.j8s.store.Store;
import io.j8s.store.StoreUnavailableException;
import io.j8s.store.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets the store forget what is older than one period, every period (five minutes): so long can a page of a list, or a watch, be away.
///
/// In a store that is shared with others, upstream's key `compact_rev_key` holds the revision that the next compaction goes to. Whoever writes it first in a period compacts;
/// the others, upstream's servers among them, see that its version has moved on and leave it to them.
final class Compactor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);
    private static final Key AGREED = Key.of("compact_rev_key");

    private final Store store;
    private final Timeline timeline;
    private final Duration period;
    private final Task task;
    private final HistoryLimit limit;
    /// What was newest a period ago, and the version of the agreed key then.
    private long revision;
    private long version;

    private Compactor(Store store, Timeline timeline, Duration period) {
        this.store = store;
        this.timeline = timeline;
        this.period = period;
        this.task = timeline.start("compact history", this::run);
        this.limit = HistoryLimit.start(store, timeline);
    }

    /// @param period zero: nothing is ever forgotten
    static Compactor start(Store store, Timeline timeline, Duration period) {
        return new Compactor(store, timeline, period);
    }

    private void run() throws InterruptedException {
        if (period.isZero()) {
            return;
        }
        while (true) {
            try {
                next();
            } catch (CompactedException | FutureRevisionException e) {
                LOG.debug("another server has compacted the store: {}", e.getMessage());
            } catch (StoreUnavailableException e) {
                LOG.warn("history cannot be compacted now: {}", e.getMessage());
            }
            timeline.sleep(period);
        }
    }

    private void next() {
        long last = revision;
        if (!store.shared()) {
            revision = store.revision();
            if (last > store.compactedRevision()) {
                store.compact(last);
            }
        } else if (agreed(last) && last > 0) {
            store.compact(last);
            LOG.info("Compacted the store to revision {}", last);
        }
    }

    /// Whether it is this server's turn: the key's version is what it was a period ago, and this server has written it.
    private boolean agreed(long compactTo) {
        Entry before = store.snapshot().get(AGREED);
        long found = before == null ? 0 : before.version();
        if (found != version) {
            version = found;
            revision = store.revision();
            return false;
        }
        byte[] value = Long.toString(compactTo).getBytes(StandardCharsets.UTF_8);
        boolean first = store.commit(new Transaction(
                List.of(new Condition.Version(KeyRange.only(AGREED), Condition.Operator.EQUAL, found)), List.of(new Operation.Put(AGREED, value)), List.of())).succeeded();
        revision = store.revision();
        if (first) {
            version = found + 1;
        } else {
            Entry now = store.snapshot().get(AGREED);
            version = now == null ? 0 : now.version();
        }
        return first;
    }

    @Override
    public void close() {
        limit.close();
        task.close();
    }
}
