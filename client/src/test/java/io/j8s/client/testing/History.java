package io.j8s.client.testing;

import io.j8s.client.ObjectKey;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Timeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The objects of all resources, and every change since the last compaction. Callers hold the monitor of this object.
final class History {
    final Gate changed;
    private final Map<String, TreeMap<ObjectKey, Struct>> objects = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private long revision = 1;
    private long compacted = 1;

    /// @param before null: the object is new
    /// @param after null: it is gone
    record Change(long revision, String resource, ObjectKey key, @Nullable Struct before, @Nullable Struct after) {}

    History(Timeline time) {
        changed = time.gate();
    }

    long revision() {
        return revision;
    }

    TreeMap<ObjectKey, Struct> table(String resource) {
        return objects.computeIfAbsent(resource, r -> new TreeMap<>());
    }

    /// Stores an object under a new revision.
    Struct put(String resource, ObjectKey key, Struct object) {
        Struct stamped = stamp(object, ++revision);
        Struct before = table(resource).put(key, stamped);
        changes.add(new Change(revision, resource, key, before, stamped));
        changed.signal();
        return stamped;
    }

    /// Removes an object; answers its last state under the removal's revision.
    Struct remove(String resource, ObjectKey key, Struct last) {
        table(resource).remove(key);
        Struct stamped = stamp(last, ++revision);
        changes.add(new Change(revision, resource, key, stamped, null));
        changed.signal();
        return stamped;
    }

    private static Struct stamp(Struct object, long revision) {
        return Objects.withMetadata(object, Objects.metadata(object).withResourceVersion(Long.toString(revision)));
    }

    /// The next change of a resource after a place in the log; null when there is none yet.
    @Nullable Change next(int from, String resource) {
        for (int i = from; i < changes.size(); i++) {
            if (changes.get(i).resource.equals(resource)) {
                return changes.get(i);
            }
        }
        return null;
    }

    /// The place of the first change after a revision; -1 when that was compacted.
    int placeAfter(long since) {
        if (since < compacted) {
            return -1;
        }
        int low = 0;
        int high = changes.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (changes.get(middle).revision <= since) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    int end() {
        return changes.size();
    }

    /// Forgets all changes up to now. Places in the log become meaningless: open watches must be ended.
    void compact() {
        changes.clear();
        compacted = revision;
        changed.signal();
    }
}
