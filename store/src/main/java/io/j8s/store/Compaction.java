package io.j8s.store;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What is to be freed once history below a revision is forgotten.
final class Compaction {

    private Compaction() {}

    /// The keys that were changed up to a revision, as far as history tells; a key may come more than once.
    static Deque<Key> keys(@Nullable Revised newest, long revision) {
        Deque<Key> keys = new ArrayDeque<>();
        for (Revised at = newest; at != null; at = at.before()) {
            if (at.revision <= revision) {
                at.events.forEach(event -> keys.add(event.key()));
            }
        }
        return keys;
    }

    /// Lets go of the changes below a revision.
    static void cut(@Nullable Revised newest, long revision) {
        for (Revised at = newest; at != null; at = at.before()) {
            if (at.revision <= revision) {
                at.cut();
                return;
            }
        }
    }
}
