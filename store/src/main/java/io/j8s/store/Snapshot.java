package io.j8s.store;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A consistent, unchanging view of the store at one revision. Holds no lock; a later compaction does not disturb it.
public interface Snapshot {

    long revision();

    @Nullable Entry get(Key key);

    /// Walks a range in key order until the visitor answers false.
    void forEach(KeyRange range, Predicate<Entry> visitor);

    long count(KeyRange range);
}
