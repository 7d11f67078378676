package io.j8s.apiserver.serve;

import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The watches that clients over HTTP have open, so that they can be ended when the server stops: each then ends as if its time were up, and its client begins another one
/// elsewhere. Threads: any.
final class OpenWatches {

    /// Clients that all come back at once are a burden for who takes them over, but ending them slowly is none for us.
    private static final int LEAST_ENDED_A_SECOND = 200;

    private final Set<Entry> open = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /// A watch's place in the list; to be closed when the watch has ended.
    final class Entry implements AutoCloseable {
        private final Runnable end;

        private Entry(Runnable end) {
            this.end = end;
        }

        @Override
        public void close() {
            open.remove(this);
        }
    }

    /// @param end ends the watch; must not block
    Entry enter(Runnable end) {
        Entry entry = new Entry(end);
        open.add(entry);
        if (ended) {
            end.run();
        }
        return entry;
    }

    int count() {
        return open.size();
    }

    /// Ends all of them, evenly over the grace, and those that begin from now on at once.
    void end(Timeline timeline, Duration grace) throws InterruptedException {
        ended = true;
        int perSecond = grace.isZero() ? Integer.MAX_VALUE : (int) Math.max(LEAST_ENDED_A_SECOND, open.size() * 1_000_000_000.0 / grace.toNanos());
        int inThisSecond = 0;
        for (Entry entry : open) {
            if (inThisSecond++ == perSecond) {
                timeline.sleep(Duration.ofSeconds(1));
                inThisSecond = 1;
            }
            entry.end.run();
        }
    }
}
