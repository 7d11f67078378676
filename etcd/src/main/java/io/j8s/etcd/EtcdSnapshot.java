package io.j8s.etcd;

import io.j8s.store.Entry;
import io.j8s.store.Key;
import io.j8s.store.KeyRange;
import io.j8s.store.Snapshot;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads at one revision, page by page. Nothing is held in etcd for it: once the revision has been compacted, reading throws `CompactedException`.
final class EtcdSnapshot implements Snapshot {

    private static final int FIRST_PAGE = 100;
    private static final int LARGEST_PAGE = 5_000;

    private final EtcdStore store;
    private final long revision;

    EtcdSnapshot(EtcdStore store, long revision) {
        this.store = store;
        this.revision = revision;
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public @Nullable Entry get(Key key) {
        List<Entry> entries = store.range(KeyRange.only(key), revision, 0, false).entries();
        return entries.isEmpty() ? null : entries.getFirst();
    }

    @Override
    public void forEach(KeyRange range, Predicate<Entry> visitor) {
        KeyRange rest = range;
        int page = FIRST_PAGE;
        while (true) {
            Responses.Range found = store.range(rest, revision, page, false);
            for (Entry entry : found.entries()) {
                if (!visitor.test(entry)) {
                    return;
                }
            }
            if (!found.more() || found.entries().isEmpty()) {
                return;
            }
            rest = new KeyRange(found.entries().getLast().key().next(), range.end());
            page = Math.min(LARGEST_PAGE, page * 2);
        }
    }

    @Override
    public long count(KeyRange range) {
        return store.range(range, revision, 0, true).count();
    }
}
