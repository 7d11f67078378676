package io.j8s.apiserver.registry;

import io.j8s.store.Likeness;
import io.j8s.store.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Packs the values of one table with those that they resemble: what they were before, or objects that were made from the same template. For one thread at a time.
final class Packing {

    private static final int KNOWN = 4;
    /// After so many values that resembled nothing (encrypted ones, say), only each so-manieth is looked at.
    private static final int PATIENCE = 16;

    /// Those that were useful last come first.
    private final List<Likeness> known = new ArrayList<>(KNOWN);
    private int misses;

    /// @param before the object's earlier value, null when it is new
    void pack(Value value, @Nullable Value before) {
        if (!Likeness.worthwhile(value.size()) || value.isPacked()) {
            return;
        }
        Likeness earlier = before == null ? null : before.likeness();
        if (earlier != null && value.pack(earlier)) {
            use(earlier);
            return;
        }
        if (misses >= PATIENCE && misses++ % PATIENCE != 0) {
            return;
        }
        for (Likeness one : known) {
            if (one != earlier && value.pack(one)) {
                use(one);
                return;
            }
        }
        misses++;
        use(Likeness.to(value));
    }

    private void use(Likeness likeness) {
        if (!known.isEmpty() && known.getFirst() == likeness) {
            misses = 0;
            return;
        }
        if (known.remove(likeness)) {
            misses = 0;
        } else if (known.size() == KNOWN) {
            known.removeLast().rest();
        }
        known.addFirst(likeness);
    }
}
