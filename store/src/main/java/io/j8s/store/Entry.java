package io.j8s.store;

import org.jspecify.annotations.Nullable;

/// A key with its value at some revision.
///
/// @param content the value; whoever keeps the bytes of it, too, may have it packed ([Value#pack])
/// @param createRevision the revision of the key's creation
/// @param modRevision the revision of its newest change
/// @param version how many changes since its creation, that one included
/// @param lease the lease it hangs on, 0 for none
/// @param attachment what the committer of this value handed along in [Operation.Put] in this process (its decoded form), null after a restart or from elsewhere; never stored
public record Entry(Key key, Value content, long createRevision, long modRevision, long version, long lease, @Nullable Object attachment) implements Slot {

    public Entry(Key key, byte[] value, long createRevision, long modRevision, long version, long lease, @Nullable Object attachment) {
        this(key, Value.of(value), createRevision, modRevision, version, lease, attachment);
    }

    /// The bytes of the value; not to be changed.
    public byte[] value() {
        return content.bytes();
    }

    @Override
    public int weight() {
        return 1;
    }
}
