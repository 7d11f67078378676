package io.j8s.store;

import org.jspecify.annotations.Nullable;

/// A change of a key that has a past.
///
/// @param entry what is there since; null: deleted
/// @param older what was there before; null when nothing was, or nothing that is still known
record Version(Key key, @Nullable Entry entry, long modRevision, @Nullable Slot older) implements Slot {

    /// Only keys that are there count.
    @Override
    public int weight() {
        return entry == null ? 0 : 1;
    }
}
