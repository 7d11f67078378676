package io.j8s.store;

import org.jspecify.annotations.Nullable;

/// One step of a transaction.
public sealed interface Operation {

    /// Sets a key. `attachment` travels with the value to readers in this process and is never stored (see [Entry#attachment()]).
    record Put(Key key, byte[] value, long lease, @Nullable Object attachment) implements Operation {
        public Put(Key key, byte[] value) {
            this(key, value, 0, null);
        }
    }

    /// Deletes all keys of a range.
    record Delete(KeyRange keys) implements Operation {
        public Delete(Key key) {
            this(KeyRange.only(key));
        }
    }

    /// Reads a range as the transaction sees it (after its earlier steps).
    record Read(KeyRange keys) implements Operation {}

    /// A transaction within. As in etcd, which branches are taken is decided before the first step is done: its conditions see the store as it was before the whole transaction.
    record Nested(Transaction transaction) implements Operation {}
}
