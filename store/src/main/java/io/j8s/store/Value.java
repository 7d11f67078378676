package io.j8s.store;

import org.jspecify.annotations.Nullable;

/// The bytes of a stored value: whole, or, once packed, only as what differs from another value. Values that are made from one template (pods of one owner, the next state of the same object)
/// take a tenth of their room then; who asks for the bytes gets a copy, put together by a few copies of ranges.
///
/// Threads: any. Packing changes nothing that is seen.
public final class Value {

    private final int size;
    private @Nullable Likeness like;
    /// All bytes, when they are as many as `size`; otherwise the packed form, which is always shorter. `like` is written before this and read after it.
    private volatile byte[] form;

    private Value(byte[] bytes) {
        size = bytes.length;
        form = bytes;
    }

    /// @param bytes not to be changed any more
    public static Value of(byte[] bytes) {
        return new Value(bytes);
    }

    /// How many bytes it has.
    public int size() {
        return size;
    }

    /// All of them; not to be changed.
    public byte[] bytes() {
        byte[] current = form;
        return current.length == size ? current : java.util.Objects.requireNonNull(like).restored(current, size);
    }

    /// Whether it holds these very bytes, whole.
    public boolean holds(byte[] bytes) {
        return form == bytes;
    }

    public boolean isPacked() {
        return form.length != size;
    }

    /// What it was packed with.
    public @Nullable Likeness likeness() {
        return isPacked() ? like : null;
    }

    /// Keeps only what differs, if that takes less than half of the room; answers whether it did. For one thread at a time.
    public boolean pack(Likeness other) {
        byte[] whole = form;
        byte[] packed = whole.length == size ? other.packed(whole) : null;
        if (packed == null) {
            return false;
        }
        like = other;
        form = packed;
        return true;
    }
}
