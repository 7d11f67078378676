package io.j8s.store;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A view of the index at the newest revision it holds, or at an earlier one: then each key's history is asked for what was there.
final class LocalSnapshot implements Snapshot {

    private final Tree<Slot> entries;
    private final long revision;
    private final boolean newest;

    LocalSnapshot(State state, long revision) {
        this.entries = state.entries();
        this.revision = revision;
        this.newest = revision == state.revision();
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public @Nullable Entry get(Key key) {
        return at(entries.get(key));
    }

    @Override
    public void forEach(KeyRange range, Predicate<Entry> visitor) {
        entries.forEach(range, slot -> {
            Entry entry = at(slot);
            return entry == null || visitor.test(entry);
        });
    }

    @Override
    public long count(KeyRange range) {
        if (newest) {
            return entries.weight(range);
        }
        long[] count = new long[1];
        forEach(range, entry -> {
            count[0]++;
            return true;
        });
        return count[0];
    }

    private @Nullable Entry at(@Nullable Slot slot) {
        return newest ? Slot.newest(slot) : Slot.at(slot, revision);
    }
}
