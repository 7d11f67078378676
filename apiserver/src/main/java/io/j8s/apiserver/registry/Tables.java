package io.j8s.apiserver.registry;

import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Version;
import io.j8s.model.ApiResource;
import io.j8s.model.Interner;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.store.CompactedException;
import io.j8s.store.Condition;
import io.j8s.store.Event;
import io.j8s.store.KeyRange;
import io.j8s.store.Operation;
import io.j8s.store.Snapshot;
import io.j8s.store.Store;
import io.j8s.store.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tables of all resources that are served, fed by one subscription to the store, all at one revision.
///
/// Tables come and go while the server runs (custom resources). Thread-safe.
public final class Tables implements ClusterState, AutoCloseable {

    private static final KeyRange EVERYTHING = KeyRange.prefix("/registry/");
    private static final int PATH_START = "/registry/".length();
    private static final Duration LONGEST_LAG = Duration.ofSeconds(3);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(Tables.class);

    private final Store store;
    private final Timeline timeline;
    private final Gate moved;
    private final Interner interner = new Interner(1 << 14);
    private final Map<String, ResourceTable<?>> byPath = new ConcurrentHashMap<>();
    private final Map<String, ResourceTable<?>> byResource = new ConcurrentHashMap<>();
    private final Newest newest;
    private final Alarms alarms;
    private volatile Store.Subscription subscription;
    private volatile @Nullable Task reload;
    private volatile long revision;

    /// Loads the tables of these resources from the store and follows it from there.
    public Tables(Store store, Timeline timeline, List<Resource<?>> resources) {
        this.store = store;
        this.timeline = timeline;
        this.moved = timeline.gate();
        Snapshot start = store.snapshot();
        for (Resource<?> resource : resources) {
            register(resource).load(start);
        }
        this.revision = start.revision();
        this.newest = new Newest(store, timeline);
        this.alarms = new Alarms(timeline);
        this.subscription = store.subscribe(EVERYTHING, start.revision(), new Changes());
    }

    /// Wakes observers of these tables when their time has come.
    public Alarms alarms() {
        return alarms;
    }

    /// Begins to serve one more resource; its table is complete on return.
    public <T extends Struct> ResourceTable<T> add(Resource<T> resource) {
        ResourceTable<T> table = table(resource);
        synchronized (table) { // nobody reads from it before it is complete
            enter(table);
            table.load(store.snapshot());
        }
        return table;
    }

    /// Serves a resource by another declaration from now on. There is no moment at which it is not served; the watches of the former declaration end.
    public void replace(Resource<?> former, Resource<?> resource) {
        ResourceTable<?> before = byPath.get(former.storedAt());
        add(resource);
        if (before != null) {
            before.close();
        }
    }

    /// Stops serving a resource: its watches end. What is stored stays.
    public void remove(Resource<?> resource) {
        ResourceTable<?> table = byPath.remove(resource.storedAt());
        resource.versions().forEach(version -> byResource.remove(version.resource().qualifiedName()));
        if (table != null) {
            table.close();
        }
    }

    private <T extends Struct> ResourceTable<T> table(Resource<T> resource) {
        return new ResourceTable<>(resource, Codecs.of(resource, interner), timeline::nanoTime);
    }

    private <T extends Struct> ResourceTable<T> register(Resource<T> resource) {
        ResourceTable<T> table = table(resource);
        enter(table);
        return table;
    }

    private <T extends Struct> void enter(ResourceTable<T> table) {
        Resource<T> resource = table.resource();
        byPath.put(resource.storedAt(), table);
        resource.versions().forEach(version -> byResource.put(version.resource().qualifiedName(), table));
        byResource.put(resource.hub().qualifiedName(), table);
    }

    /// The table of a resource, which must be served.
    @SuppressWarnings("unchecked") // a resource's table holds its type
    public <T extends Struct> ResourceTable<T> of(Resource<T> resource) {
        ResourceTable<?> table = byPath.get(resource.storedAt());
        if (table == null) {
            throw new IllegalStateException(resource + " is not served");
        }
        return (ResourceTable<T>) table;
    }

    /// The newest revision that every table has taken in.
    public long revision() {
        return revision;
    }

    /// Waits until the tables have taken in a revision; answers whether they had by then.
    public boolean await(long atLeast, Duration atMost) throws InterruptedException {
        return revision >= atLeast || moved.await(() -> revision >= atLeast, atMost);
    }

    public Store store() {
        return store;
    }

    /// Waits until the tables hold whatever anybody had written when this was called. Costs nothing where nobody else writes to the store.
    ///
    /// @throws StoreUnavailableException when the store does not answer, or does not tell of its changes
    public void awaitNewest() throws InterruptedException {
        if (!store.shared()) {
            return;
        }
        long wanted = newest.revision();
        if (!await(wanted, LONGEST_LAG)) {
            throw new StoreUnavailableException(
                    "the store is at revision " + wanted + ", but has told of its changes only to " + revision, false, new java.io.IOException("no changes come"));
        }
    }

    private final class Changes implements Store.Listener {
        @Override
        public void changed(long atRevision, List<Event> events) {
            Tables.this.changed(atRevision, events);
        }

        @Override
        public void lost(CompactedException cause) {
            LOG.warn("changes were compacted away before they were told ({}): everything is read anew", cause.getMessage());
            reload = timeline.start("reload tables", Tables.this::reload);
        }
    }

    /// Reads everything anew, until that succeeds. Watches are told the difference.
    private void reload() throws InterruptedException {
        while (true) {
            try {
                Snapshot now = store.snapshot();
                for (ResourceTable<?> table : List.copyOf(byPath.values())) {
                    table.replace(now);
                }
                revision = Math.max(revision, now.revision());
                subscription = store.subscribe(EVERYTHING, now.revision(), new Changes());
                moved.signal();
                return;
            } catch (StoreUnavailableException | CompactedException e) {
                LOG.warn("the store cannot be read anew, which is tried again: {}", e.getMessage());
                timeline.sleep(RETRY);
            }
        }
    }

    private void changed(long atRevision, List<Event> events) {
        if (events.size() == 1) {
            ResourceTable<?> table = tableOf(events.getFirst());
            if (table != null) {
                table.apply(atRevision, events);
                revision = atRevision;
            }
        } else if (!events.isEmpty()) {
            several(atRevision, events);
        }
        revision = Math.max(revision, atRevision);
        moved.signal();
    }

    private void several(long atRevision, List<Event> events) {
        Map<ResourceTable<?>, List<Event>> split = new LinkedHashMap<>();
        for (Event event : events) {
            ResourceTable<?> table = tableOf(event);
            if (table != null) {
                split.computeIfAbsent(table, key -> new ArrayList<>()).add(event);
            }
        }
        split.forEach((table, part) -> table.apply(atRevision, part));
        revision = atRevision;
    }

    /// The table whose prefix a key has: `pods/…`, `services/specs/…`, `example.com/widgets/…`.
    private @Nullable ResourceTable<?> tableOf(Event event) {
        String key = event.key().toString();
        int first = key.indexOf('/', PATH_START);
        if (first < 0) {
            return null;
        }
        ResourceTable<?> table = byPath.get(key.substring(PATH_START, first));
        if (table != null) {
            return table;
        }
        int second = key.indexOf('/', first + 1);
        return second < 0 ? null : byPath.get(key.substring(PATH_START, second));
    }

    /// What a transaction has to do and to ask for, to create or replace an object.
    public <T extends Struct> void alsoPut(ApiResource<T> resource, T object, List<Condition> conditions, List<Operation> operations) {
        ResourceTable<T> table = served(resource);
        ObjectMeta meta = Objects.metadata(object);
        Stored<T> current = table.get(meta.namespace(), meta.name());
        Stored<T> changed = table.prepare(table.key(meta.namespace(), meta.name()), object);
        conditions.add(Condition.unchangedSince(table.storeKey(changed.key()), current == null ? 0 : current.revision()));
        operations.add(new Operation.Put(table.storeKey(changed.key()), changed.value(), 0, changed));
    }

    /// What a transaction has to do to delete an object, if it is there.
    public void alsoDelete(ApiResource<?> resource, String namespace, String name, List<Operation> operations) {
        ResourceTable<?> table = served(resource);
        if (table.get(namespace, name) != null) {
            operations.add(new Operation.Delete(table.storeKey(table.key(namespace, name))));
        }
    }

    @SuppressWarnings("unchecked") // a resource's table holds its type
    private <T extends Struct> ResourceTable<T> served(ApiResource<T> resource) {
        ResourceTable<?> table = tableOf(resource);
        if (table == null) {
            throw new IllegalStateException(resource + " is not served");
        }
        return (ResourceTable<T>) table;
    }

    /// The table in which a resource is stored, whatever version is named; null when it is not served or not stored.
    public @Nullable ResourceTable<?> tableOf(ApiResource<?> resource) {
        return byResource.get(resource.qualifiedName());
    }

    @Override
    public <T extends Struct> @Nullable T get(ApiResource<T> resource, String namespace, String name) {
        ResourceTable<?> table = tableOf(resource);
        if (table == null) {
            return null;
        }
        Stored<?> stored = table.get(namespace, name);
        return stored == null ? null : as(resource, table, stored);
    }

    @Override
    public <T extends Struct> List<T> list(ApiResource<T> resource, String namespace) {
        ResourceTable<?> table = tableOf(resource);
        List<T> found = new ArrayList<>();
        if (table != null) {
            table.view().forEach(prefix(resource, namespace), "", stored -> found.add(as(resource, table, stored)));
        }
        return found;
    }

    @Override
    public long version(ApiResource<?> resource) {
        ResourceTable<?> table = tableOf(resource);
        return table == null ? -1 : table.view().revision();
    }

    @Override
    public <T extends Struct> boolean any(ApiResource<T> resource, String namespace, Predicate<T> condition) {
        ResourceTable<?> table = tableOf(resource);
        boolean[] found = new boolean[1];
        if (table != null) {
            table.view().forEach(prefix(resource, namespace), "", stored -> !(found[0] = condition.test(as(resource, table, stored))));
        }
        return found[0];
    }

    private static String prefix(ApiResource<?> resource, String namespace) {
        return namespace.isEmpty() || !resource.namespaced() ? "" : namespace + "/";
    }

    @Override
    public @Nullable ApiResource<?> named(String apiVersion, String kind) {
        for (ResourceTable<?> table : byResource.values()) {
            for (Version<?, ?> version : table.resource().versions()) {
                if (version.resource().kind().equals(kind) && version.resource().apiVersion().equals(apiVersion)) {
                    return table.resource().hub();
                }
            }
        }
        return null;
    }

    @SuppressWarnings("unchecked") // the type was just compared
    private static <T extends Struct, H extends Struct> T as(ApiResource<T> resource, ResourceTable<H> table, Stored<?> stored) {
        H object = table.resource().inHub(table.resource().cast(stored.object()));
        if (object.structType() != resource.type()) {
            throw new IllegalArgumentException("the server works with " + object.structType() + ", not with " + resource.type());
        }
        return (T) object;
    }

    @Override
    public void close() {
        Task reading = reload;
        if (reading != null) {
            reading.close();
        }
        subscription.close();
        alarms.close();
        byPath.values().forEach(ResourceTable::close);
    }
}
