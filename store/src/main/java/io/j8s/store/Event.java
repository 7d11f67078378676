package io.j8s.store;

import org.jspecify.annotations.Nullable;

/// A change of one key. A deletion carries the revision of the deletion in `revision` and what was there in `previous`.
public sealed interface Event {

    Key key();

    long revision();

    /// What was there before; null when nothing was, or when it is no longer known.
    @Nullable Entry previous();

    record Put(Entry entry, @Nullable Entry previous) implements Event {
        @Override
        public Key key() {
            return entry.key();
        }

        @Override
        public long revision() {
            return entry.modRevision();
        }
    }

    record Delete(Key key, long revision, @Nullable Entry previous) implements Event {}
}
