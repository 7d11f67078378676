package io.j8s.apiserver.registry;

import io.j8s.model.Struct;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The recent changes of one table, in order, in a ring. One thread at a time appends (under the table's lock); any number read without a lock. A reader that falls
/// behind by more than the ring holds is told so ([#at] answers null), and never slows the writer.
///
/// The ring grows while its oldest change is young, up to a bound: it covers a minute of a busy resource, and costs an idle one nothing.
final class ChangeLog<T extends Struct> {

    private static final int SMALLEST = 64;
    private static final int LARGEST = 8192;
    private static final long YOUNG_NANOS = 75_000_000_000L;

    private volatile Ring<T> ring;
    private volatile long next;
    private volatile long floor;
    private long oldestNanos;

    private record Ring<T extends Struct>(AtomicReferenceArray<@Nullable Change<T>> slots, int mask) {
        static <T extends Struct> Ring<T> of(int size) {
            return new Ring<>(new AtomicReferenceArray<>(size), size - 1);
        }
    }

    /// @param floor the revision up to which changes are not known
    ChangeLog(long floor) {
        this.ring = Ring.of(SMALLEST);
        this.floor = floor;
    }

    /// Every change after this revision is in the ring.
    long floor() {
        return floor;
    }

    /// How many changes it holds at most at present.
    int capacity() {
        return ring.mask + 1;
    }

    /// The sequence that the next change will have.
    long next() {
        return next;
    }

    /// Appends a change at this (not earlier) revision.
    void append(long revision, @Nullable Stored<T> before, @Nullable Stored<T> after, long nowNanos) {
        long sequence = next;
        if (sequence == 0) {
            oldestNanos = nowNanos;
        }
        makeRoom(sequence, nowNanos);
        Ring<T> current = ring;
        int slot = (int) sequence & current.mask;
        Change<T> dropped = current.slots.get(slot);
        if (dropped != null) {
            floor = dropped.revision();
        }
        current.slots.set(slot, new Change<>(sequence, revision, before, after));
        next = sequence + 1;
    }

    /// Doubles the ring when it is full, small, and was filled within the time that it should cover.
    private void makeRoom(long sequence, long nowNanos) {
        Ring<T> current = ring;
        int size = current.mask + 1;
        if (sequence == 0 || (sequence & current.mask) != 0) {
            return;
        }
        boolean young = nowNanos - oldestNanos < YOUNG_NANOS;
        oldestNanos = nowNanos;
        if (!young || size >= LARGEST) {
            return;
        }
        Ring<T> larger = Ring.of(size * 2);
        for (long i = Math.max(0, sequence - size); i < sequence; i++) {
            larger.slots.set((int) i & larger.mask, current.slots.get((int) i & current.mask));
        }
        ring = larger;
    }

    /// The change of this sequence; null when it is no longer held.
    @Nullable Change<T> at(long sequence) {
        Ring<T> current = ring;
        Change<T> change = current.slots.get((int) sequence & current.mask);
        return change != null && change.sequence() == sequence ? change : null;
    }

    /// The sequence of the first change after a revision; -1 when changes after it are no longer known.
    long after(long revision) {
        long high = next;
        long low = Math.max(0, high - ring.mask - 1);
        while (low < high) {
            long middle = (low + high) >>> 1;
            Change<T> change = at(middle);
            if (change == null || change.revision() <= revision) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return revision < floor ? -1 : low;
    }
}
