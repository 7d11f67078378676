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

    final long revision;
    final List<Event> events;
    private volatile @Nullable Revised before;

    Revised(long revision, List<Event> events, @Nullable Revised before) {
        this.revision = revision;
        this.events = events;
        this.before = before;
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
