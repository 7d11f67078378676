package io.j8s.store;

import org.jspecify.annotations.Nullable;

/// A key with its value at some revision.
///
/// @param value the bytes; shared, never to be changed
/// @param createRevision the revision of the key's creation
/// @param modRevision the revision of its newest change
/// @param version how many changes since its creation, that one included
/// @param lease the lease it hangs on, 0 for none
/// @param attachment what the committer of this value handed along in [Operation.Put] in this process (its decoded form), null after a restart or from elsewhere; never stored
public record Entry(Key key, byte[] value, long createRevision, long modRevision, long version, long lease, @Nullable Object attachment) implements Slot {

    @Override
    public int weight() {
        return 1;
    }
}
