package io.j8s.apiserver.registry;

import io.j8s.model.Struct;
import org.jspecify.annotations.Nullable;

/// One change of an object, as watches tell of it. Keeps the encoded form of the event, once for each format, however many watchers there are.
public final class Change<T extends Struct> {

    private final long sequence;
    private final long revision;
    private final @Nullable Stored<T> before;
    private final @Nullable Stored<T> after;
    private volatile @Nullable Frame frames;

    private record Frame(Object format, byte[] bytes, @Nullable Frame next) {}

    /// @param sequence its place among the table's changes
    /// @param after what is there now; for a deletion the last state, under the revision of the deletion
    Change(long sequence, long revision, @Nullable Stored<T> before, @Nullable Stored<T> after) {
        if (before == null && after == null) {
            throw new IllegalArgumentException("a change from nothing to nothing at revision " + revision);
        }
        this.sequence = sequence;
        this.revision = revision;
        this.before = before;
        this.after = after;
    }

    /// Its place among the table's changes; -1 for one from the store's history.
    public long sequence() {
        return sequence;
    }

    public long revision() {
        return revision;
    }

    /// What was there; null when the object is new.
    public @Nullable Stored<T> before() {
        return before;
    }

    /// What is there; null when the object is gone.
    public @Nullable Stored<T> after() {
        return after;
    }

    /// The bytes that were kept for a format, or null.
    public byte @Nullable [] frame(Object format) {
        for (Frame frame = frames; frame != null; frame = frame.next) {
            if (frame.format.equals(format)) {
                return frame.bytes;
            }
        }
        return null;
    }

    /// Keeps bytes for a format. Two threads that come at once may both encode; either's bytes serve.
    public void keep(Object format, byte[] bytes) {
        frames = new Frame(format, bytes, frames);
    }
}
