package io.j8s.apiserver.registry;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.runtime.Gate;
import io.j8s.store.Entry;
import io.j8s.store.Event;
import io.j8s.store.Key;
import io.j8s.store.KeyRange;
import io.j8s.store.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The current objects of one resource: decoded, ordered by key, at a known revision; and its recent changes.
///
/// Readers take a [View] and walk it for as long as they like. The store's listener is the only writer: it runs within each commit, so that whoever has committed
/// finds his change here.
public final class ResourceTable<T extends Struct> {

    private final Resource<T> resource;
    private final ValueCodec<T> codec;
    private final String prefix;
    private final Gate gate;
    private final LongSupplier clock;
    private volatile View<T> view;
    private volatile ChangeLog<T> log;
    private volatile boolean closed;
    private @Nullable List<Batch> early = new ArrayList<>();

    private record Batch(long revision, List<Event> events) {}

    /// The objects at one moment.
    public static final class View<T extends Struct> {
        private final SortedTree<Stored<T>> objects;
        private final long revision;

        View(SortedTree<Stored<T>> objects, long revision) {
            this.objects = objects;
            this.revision = revision;
        }

        /// The revision of the table's newest change.
        public long revision() {
            return revision;
        }

        public int size() {
            return objects.size();
        }

        public @Nullable Stored<T> get(String key) {
            return objects.get(key);
        }

        /// Visits the objects whose keys begin with `prefix` and are not before `from`, in order, until the visitor answers false.
        public void forEach(String prefix, String from, Predicate<Stored<T>> visitor) {
            objects.forEach(prefix, from, visitor);
        }

        /// How many there are of those.
        public int count(String prefix, String from) {
            return objects.count(prefix, from);
        }
    }

    ResourceTable(Resource<T> resource, ValueCodec<T> codec, Gate gate, LongSupplier clock) {
        this.resource = resource;
        this.codec = codec;
        this.prefix = "/registry/" + resource.storedAt() + "/";
        this.gate = gate;
        this.clock = clock;
        this.view = new View<>(SortedTree.empty(), 0);
        this.log = new ChangeLog<>(Long.MAX_VALUE);
    }

    public Resource<T> resource() {
        return resource;
    }

    /// What all its keys in the store begin with.
    public String prefix() {
        return prefix;
    }

    /// The key in the store of an object of this table.
    public Key storeKey(String key) {
        return Key.of(prefix + key);
    }

    /// An object ready to be stored: encoded, without a revision.
    public Stored<T> prepare(String key, T object) {
        T bare = Objects.metadata(object).hasResourceVersion() ? Objects.withMetadata(object, Objects.metadata(object).withoutResourceVersion()) : object;
        T kept = resource.storedAsJson() ? bare : Empties.dropped(bare);
        return new Stored<>(key, kept, codec.encode(kept));
    }

    public View<T> view() {
        return view;
    }

    public @Nullable Stored<T> get(String namespace, String name) {
        return view.objects.get(key(namespace, name));
    }

    /// The part of a key after the prefix.
    public String key(String namespace, String name) {
        return resource.namespaced() ? namespace + "/" + name : name;
    }

    /// Signalled after each change, and when the table is closed.
    public Gate gate() {
        return gate;
    }

    /// Whether the resource is no longer served.
    public boolean closed() {
        return closed;
    }

    /// The oldest revision from which a watch can be served.
    public long oldestWatchable() {
        return log.floor();
    }

    /// Where a watch that knows everything up to this revision begins; -1 when what followed is no longer known.
    public long cursorAfter(long revision) {
        return log.after(revision);
    }

    /// One more than the place of the newest change.
    public long end() {
        return log.next();
    }

    /// The change at a place before [#end]; null when it is no longer held.
    public @Nullable Change<T> change(long cursor) {
        return log.at(cursor);
    }

    void close() {
        closed = true;
        gate.signal();
    }

    /// Takes what is stored at a snapshot, and then what was told meanwhile.
    synchronized void load(Snapshot snapshot) {
        List<Batch> waiting = early;
        if (waiting == null) {
            throw new IllegalStateException(resource + " is loaded already");
        }
        List<Stored<T>> found = new ArrayList<>();
        snapshot.forEach(KeyRange.prefix(prefix), entry -> found.add(stored(entry)));
        SortedTree<Stored<T>> objects = SortedTree.empty();
        for (Stored<T> one : found) {
            objects = objects.with(one.key(), one);
        }
        log = new ChangeLog<>(snapshot.revision());
        view = new View<>(objects, snapshot.revision());
        early = null;
        waiting.stream().filter(batch -> batch.revision > snapshot.revision()).forEach(batch -> apply(batch.revision, batch.events));
    }

    /// Takes the changes of one revision; called in order of revision.
    synchronized void apply(long revision, List<Event> events) {
        if (early != null) {
            early.add(new Batch(revision, List.copyOf(events)));
            return;
        }
        SortedTree<Stored<T>> objects = view.objects;
        long now = clock.getAsLong();
        for (Event event : events) {
            String key = event.key().text(prefix.length());
            Stored<T> before = objects.get(key);
            switch (event) {
                case Event.Put put -> {
                    Stored<T> after = stored(put.entry());
                    objects = objects.with(key, after);
                    log.append(revision, before, after, now);
                }
                case Event.Delete _ -> {
                    objects = objects.without(key);
                    if (before != null) {
                        log.append(revision, before.deletedAt(revision), null, now);
                    }
                }
            }
        }
        view = new View<>(objects, revision);
    }

    /// The object of an entry: the one its writer handed along, or decoded.
    @SuppressWarnings("unchecked") // only this table's writers attach to its keys
    public Stored<T> stored(Entry entry) {
        if (entry.attachment() instanceof Stored<?> attached) {
            return ((Stored<T>) attached).publish(entry.modRevision());
        }
        String key = entry.key().text(prefix.length());
        return new Stored<>(key, codec.decode(entry), entry.value()).publish(entry.modRevision());
    }
}
