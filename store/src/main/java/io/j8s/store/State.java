package io.j8s.store;

import org.jspecify.annotations.Nullable;

/// Everything the store knows at one moment: a value that never changes and shares what it can with the ones before and after it.
///
/// @param compacted history below this revision is gone
/// @param newest the changes of the newest revision, linked to the older ones
record State(long revision, long compacted, Tree<Slot> entries, Tree<Lease> leases, Tree<Lease.Held> held, @Nullable Revised newest) {

    static final State EMPTY = new State(1, 0, Tree.empty(), Tree.empty(), Tree.empty(), null);
}
