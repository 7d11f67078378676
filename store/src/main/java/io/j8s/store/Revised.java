package io.j8s.store;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The changes of one revision, linked to those of the one before: the history that subscriptions are served from.
///
/// A list from newest to oldest needs no lock: a reader holds the newest and walks back. Compaction cuts the list; a reader that
/// walks at that moment either still sees the old part or finds the cut, and then says that the history is gone.
final class Revised {

    /// What a change takes beside its value: the records of it, and the nodes of the tree that lead to it.
    private static final int BYTES_PER_CHANGE = 400;

    final long revision;
    final List<Event> events;
    /// What all changes up to this one took, since the store was opened.
    private final long bytes;
    private volatile @Nullable Revised before;

    Revised(long revision, List<Event> events, @Nullable Revised before) {
        this.revision = revision;
        this.events = events;
        this.before = before;
        long total = before == null ? 0 : before.bytes;
        for (Event event : events) {
            total += BYTES_PER_CHANGE + (event instanceof Event.Put put ? put.entry().content().size() : 0);
        }
        this.bytes = total;
    }

    /// The newest revision after which more than so many bytes were written; 0 when what is known takes no more.
    long oldestWithin(long most) {
        Revised at = this;
        while (at != null && bytes - at.bytes <= most) {
            at = at.before;
        }
        return at == null ? 0 : at.revision;
    }

    @Nullable Revised before() {
        return before;
    }

    /// Forgets everything older than this.
    void cut() {
        before = null;
    }

    /// Those after a revision, oldest first, or null when they do not reach back so far.
    static @Nullable Deque<Revised> after(@Nullable Revised newest, long revision) {
        Deque<Revised> found = new ArrayDeque<>();
        Revised at = newest;
        while (at != null && at.revision > revision) {
            found.addFirst(at);
            at = at.before;
        }
        boolean complete = at != null || found.isEmpty() || found.getFirst().revision <= Math.max(revision + 1, 2);
        return complete ? found : null;
    }
}
