package io.j8s.store;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What the index holds for a key: just its [Entry] when nothing older is known (the usual case, which costs no extra object), else its newest [Version].
sealed interface Slot extends Keyed permits Entry, Version {

    /// The revision at which this came to be.
    long modRevision();

    /// What is there now; null when deleted.
    static @Nullable Entry newest(@Nullable Slot slot) {
        return switch (slot) {
            case null -> null;
            case Entry entry -> entry;
            case Version version -> version.entry();
        };
    }

    /// What was there at a revision; null when nothing was.
    static @Nullable Entry at(@Nullable Slot slot, long revision) {
        Slot at = slot;
        while (at != null && at.modRevision() > revision) {
            at = at instanceof Version version ? version.older() : null;
        }
        return newest(at);
    }

    /// The same without what nobody can ask for any more once everything below a revision is forgotten; null when nothing is left.
    static @Nullable Slot compacted(Slot slot, long revision) {
        if (!(slot instanceof Version version)) {
            return slot;
        }
        Deque<Version> kept = new ArrayDeque<>();
        Slot at = version;
        while (at instanceof Version above && above.modRevision() > revision) {
            kept.push(above);
            at = above.older();
        }
        Slot result = newest(at);
        for (Version above : kept) {
            result = result == null && above.entry() != null ? above.entry() : new Version(above.key(), above.entry(), above.modRevision(), result);
        }
        return result;
    }
}
