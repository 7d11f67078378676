package io.j8s.apiserver.registry;

import io.j8s.apiserver.resource.Empties;
import io.j8s.apiserver.resource.Resource;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.store.Entry;
import io.j8s.store.Event;
import io.j8s.store.Key;
import io.j8s.store.KeyRange;
import io.j8s.store.Snapshot;
import io.j8s.store.Store;
import io.j8s.store.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
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
    /// By number, in the order in which they came: they are always told in that order.
    private final ConcurrentSkipListMap<Long, Observer<T>> observers = new ConcurrentSkipListMap<>();
    private final AtomicLong observerNumbers = new AtomicLong();
    private final LongSupplier clock;
    private volatile long loads;
    private volatile long objectsLoaded;
    private volatile View<T> view;
    private volatile ChangeLog<T> log;
    private volatile boolean closed;
    private volatile boolean loaded;
    private @Nullable List<Batch> early = new ArrayList<>();
    private final Packing packing = new Packing();

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

    ResourceTable(Resource<T> resource, ValueCodec<T> codec, LongSupplier clock) {
        this.resource = resource;
        this.codec = codec;
        this.prefix = "/registry/" + resource.storedAt() + "/";
        this.clock = clock;
        this.view = new View<>(SortedTree.empty(), 0);
        this.log = new ChangeLog<>(Long.MAX_VALUE);
    }

    public Resource<T> resource() {
        return resource;
    }

    /// Whether an object that stays as it is should be written all the same: with another key, or in another version than it was.
    public boolean outdated(Store store, Stored<T> stored) {
        return store.outdated(storeKey(stored.key()))
                || (resource.storedAsJson() && !Json.typeMeta(stored.value()).apiVersion().equals(resource.hub().apiVersion()));
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
        T kept = resource.storedAsJson() ? resource.kept(bare) : Empties.dropped(bare);
        return new Stored<>(key, resource.readBack(kept), Value.of(codec.encode(kept)), true);
    }

    public View<T> view() {
        awaitLoaded();
        return view;
    }

    private void awaitLoaded() {
        if (!loaded) {
            synchronized (this) { // who loads it holds the lock until it is done
                loaded = early == null;
            }
        }
    }

    public @Nullable Stored<T> get(String namespace, String name) {
        return view().objects.get(key(namespace, name));
    }

    /// The part of a key after the prefix.
    public String key(String namespace, String name) {
        return resource.namespaced() ? namespace + "/" + name : name;
    }

    /// Tells an observer of every change from now on; it looks for itself at what was before. Answers the number under which it is known.
    public long observe(Observer<T> observer) {
        long number = observerNumbers.incrementAndGet();
        observers.put(number, observer);
        return number;
    }

    public void forget(long number) {
        observers.remove(number);
    }

    /// How often all of it was read from the store.
    public long loads() {
        return loads;
    }

    /// How many objects were read then.
    public long objectsLoaded() {
        return objectsLoaded;
    }

    /// How many changes it can remember at present.
    public int capacity() {
        return log.capacity();
    }

    /// What the values of its objects take in the store. Visits each.
    public long bytes() {
        long[] sum = new long[1];
        view().forEach("", "", stored -> {
            sum[0] += stored.value().length;
            return true;
        });
        return sum[0];
    }

    private void countLoad(int objects) { // under the monitor
        loads = loads + 1;
        objectsLoaded = objectsLoaded + objects;
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

    /// The changes of objects whose keys begin with `prefix`, after a revision up to another, from the store's history: for watches that come from before what the
    /// table remembers.
    ///
    /// @throws io.j8s.store.CompactedException when that history is gone
    public List<Change<T>> history(Store store, String keyPrefix, long after, long upTo) {
        List<Change<T>> changes = new ArrayList<>();
        Store.Listener listener = (revision, events) -> {
            if (revision <= upTo) {
                events.forEach(event -> changes.add(change(event)));
            }
        };
        store.subscribe(KeyRange.prefix(prefix + keyPrefix), after, listener).close();
        return List.copyOf(changes);
    }

    private Change<T> change(Event event) {
        Entry before = event.previous();
        return switch (event) {
            case Event.Put put -> new Change<>(-1, put.revision(), before == null ? null : stored(before), stored(put.entry()));
            case Event.Delete delete -> {
                Stored<T> gone = before == null ? unknown(delete.key()) : stored(before);
                yield new Change<>(-1, delete.revision(), gone.deletedAt(delete.revision()), null);
            }
        };
    }

    /// An object of which nothing is left but its key.
    private Stored<T> unknown(Key key) {
        String suffix = key.text(prefix.length());
        int slash = suffix.indexOf('/');
        ObjectMeta meta = ObjectMeta.EMPTY.withName(suffix.substring(slash + 1)).withNamespace(slash < 0 ? "" : suffix.substring(0, slash));
        return new Stored<>(suffix, Objects.withMetadata(resource.cast(resource.hub().type().empty()), meta), new byte[0]);
    }

    void close() {
        closed = true;
        observers.values().forEach(Observer::wake);
    }

    /// Takes what is stored at a snapshot, and then what was told meanwhile.
    synchronized void load(Snapshot snapshot) {
        List<Batch> waiting = early;
        if (waiting == null) {
            throw new IllegalStateException(resource + " is loaded already");
        }
        List<Stored<T>> found = new ArrayList<>();
        snapshot.forEach(KeyRange.prefix(prefix), entry -> found.add(packed(stored(entry), null)));
        SortedTree<Stored<T>> objects = SortedTree.empty();
        for (Stored<T> one : found) {
            objects = objects.with(one.key(), one);
        }
        countLoad(found.size());
        log = new ChangeLog<>(snapshot.revision());
        view = new View<>(objects, snapshot.revision());
        early = null;
        waiting.stream().filter(batch -> batch.revision > snapshot.revision()).forEach(batch -> apply(batch.revision, batch.events));
    }

    /// Takes what is stored at a later snapshot, after changes were missed: what is different is told as changes of the snapshot's revision.
    synchronized void replace(Snapshot snapshot) {
        if (early != null || view.revision > snapshot.revision()) {
            return;
        }
        SortedTree<Stored<T>> before = view.objects;
        List<Stored<T>> found = new ArrayList<>();
        snapshot.forEach(KeyRange.prefix(prefix), entry -> {
            String key = entry.key().text(prefix.length());
            Stored<T> known = before.get(key);
            found.add(known != null && known.revision() == entry.modRevision() ? known : packed(stored(entry), known));
            return true;
        });
        SortedTree<Stored<T>> objects = SortedTree.empty();
        for (Stored<T> one : found) {
            objects = objects.with(one.key(), one);
        }
        countLoad(found.size());
        long first = log.next();
        tellDifference(before, objects, snapshot.revision());
        view = new View<>(objects, snapshot.revision());
        if (!observers.isEmpty()) {
            tellObservers(first);
        }
    }

    private void tellDifference(SortedTree<Stored<T>> before, SortedTree<Stored<T>> after, long revision) {
        long now = clock.getAsLong();
        before.forEach("", "", old -> {
            if (after.get(old.key()) == null) {
                log.append(revision, old.deletedAt(revision), null, now);
            }
            return true;
        });
        after.forEach("", "", one -> {
            Stored<T> old = before.get(one.key());
            if (old != one) {
                log.append(revision, old, one, now);
            }
            return true;
        });
    }

    /// Takes the changes of one revision; called in order of revision.
    synchronized void apply(long revision, List<Event> events) {
        if (early != null) {
            early.add(new Batch(revision, List.copyOf(events)));
            return;
        }
        SortedTree<Stored<T>> objects = view.objects;
        long first = log.next();
        long now = clock.getAsLong();
        for (Event event : events) {
            String key = event.key().text(prefix.length());
            Stored<T> before = objects.get(key);
            switch (event) {
                case Event.Put put -> {
                    Stored<T> after = packed(stored(put.entry()), before);
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
        if (!observers.isEmpty()) {
            tellObservers(first);
        }
    }

    /// Wakes those whom one of the newest changes concerns, and lets the others sleep.
    private void tellObservers(long first) {
        for (long sequence = first; sequence < log.next(); sequence++) {
            Change<T> change = log.at(sequence);
            if (change != null) {
                for (Observer<T> observer : observers.values()) {
                    if (observer.concerns(change)) {
                        observer.wake();
                    } else {
                        observer.pass(change);
                    }
                }
            }
        }
    }

    private Stored<T> packed(Stored<T> stored, @Nullable Stored<T> before) {
        packing.pack(stored.content(), before == null ? null : before.content());
        return stored;
    }

    /// The object of an entry: the one its writer handed along, or decoded. What was handed along before a custom resource's definition changed is of an older type.
    @SuppressWarnings("unchecked") // only this table's writers attach to its keys
    public Stored<T> stored(Entry entry) {
        if (entry.attachment() instanceof Stored<?> attached && attached.object().structType().equals(resource.hub().type())) {
            return ((Stored<T>) attached).sharing(entry.content()).publish(entry.modRevision());
        }
        String key = entry.key().text(prefix.length());
        return new Stored<>(key, codec.decode(entry), entry.content(), false).publish(entry.modRevision());
    }
}
