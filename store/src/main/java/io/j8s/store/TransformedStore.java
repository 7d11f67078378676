package io.j8s.store;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A store whose keys and values lie in another one in a different form (at another place, encrypted). What a writer attaches to a value passes unchanged.
///
/// Conditions on values are refused: the same value need not have the same form twice.
public final class TransformedStore implements Store {

    /// The two forms. Called from any thread; keys given to the value's methods are those of the inner store.
    public interface Forms {

        /// The key in the inner store.
        Key inward(Key key);

        /// The key as users of this store know it.
        Key outward(Key key);

        byte[] seal(Key innerKey, byte[] value);

        /// @throws RuntimeException saying what is wrong when it cannot be read
        byte[] open(Key innerKey, byte[] stored);

        /// Whether [#seal] would no longer give this form.
        boolean outdated(Key innerKey, byte[] stored);

        /// Called once, after the store was closed.
        default void close() {}
    }

    private final Store store;
    private final Forms forms;

    public TransformedStore(Store store, Forms forms) {
        this.store = store;
        this.forms = forms;
    }

    /// The same store, with what its users know below `prefix` lying below `place`.
    public static Store placed(Store store, String prefix, String place) {
        return prefix.equals(place) ? store : new TransformedStore(store, new PlacedStore(Key.of(prefix), Key.of(place)));
    }

    @Override
    public Committed commit(Transaction transaction) {
        return committed(store.commit(inward(transaction)));
    }

    private Transaction inward(Transaction transaction) {
        return new Transaction(
                transaction.conditions().stream().map(this::inward).toList(), transaction.then().stream().map(this::inward).toList(),
                transaction.otherwise().stream().map(this::inward).toList());
    }

    private KeyRange inward(KeyRange range) {
        if (range.isSingle()) {
            return KeyRange.only(forms.inward(range.start()));
        }
        Key end = range.end();
        return new KeyRange(forms.inward(range.start()), end == null ? null : forms.inward(end));
    }

    private Condition inward(Condition condition) {
        KeyRange keys = inward(condition.keys());
        return switch (condition) {
            case Condition.Version c -> new Condition.Version(keys, c.operator(), c.version());
            case Condition.CreateRevision c -> new Condition.CreateRevision(keys, c.operator(), c.revision());
            case Condition.ModRevision c -> new Condition.ModRevision(keys, c.operator(), c.revision());
            case Condition.Lease c -> new Condition.Lease(keys, c.operator(), c.lease());
            case Condition.Value c -> throw new InvalidTransactionException("the values of this store cannot be compared: they are kept in another form");
        };
    }

    private Operation inward(Operation operation) {
        return switch (operation) {
            case Operation.Put put -> {
                Key key = forms.inward(put.key());
                yield new Operation.Put(key, forms.seal(key, put.value()), put.lease(), put.attachment());
            }
            case Operation.Delete delete -> new Operation.Delete(inward(delete.keys()));
            case Operation.Read read -> new Operation.Read(inward(read.keys()));
            case Operation.Nested nested -> new Operation.Nested(inward(nested.transaction()));
        };
    }

    private Committed committed(Committed inner) {
        return new Committed(inner.succeeded(), inner.revision(), inner.results().stream().map(this::result).toList());
    }

    private Committed.Result result(Committed.Result result) {
        return switch (result) {
            case Committed.Result.Put put -> new Committed.Result.Put(outward(put.previous()));
            case Committed.Result.Delete delete -> new Committed.Result.Delete(delete.previous().stream().map(this::opened).toList());
            case Committed.Result.Read read -> new Committed.Result.Read(read.entries().stream().map(this::opened).toList());
            case Committed.Result.Nested nested -> new Committed.Result.Nested(committed(nested.committed()));
        };
    }

    private @Nullable Entry outward(@Nullable Entry entry) {
        return entry == null ? null : opened(entry);
    }

    private Entry opened(Entry entry) {
        Value value = entry.attachment() == null ? Value.of(forms.open(entry.key(), entry.value())) : entry.content(); // with an attachment nobody reads the value
        return new Entry(forms.outward(entry.key()), value, entry.createRevision(), entry.modRevision(), entry.version(), entry.lease(), entry.attachment());
    }

    private Event outward(Event event) {
        return switch (event) {
            case Event.Put put -> new Event.Put(opened(put.entry()), outward(put.previous()));
            case Event.Delete delete -> new Event.Delete(forms.outward(delete.key()), delete.revision(), outward(delete.previous()));
        };
    }

    @Override
    public Snapshot snapshot() {
        return new View(store.snapshot());
    }

    @Override
    public Snapshot snapshot(long revision) {
        return new View(store.snapshot(revision));
    }

    @Override
    public long revision() {
        return store.revision();
    }

    @Override
    public long compactedRevision() {
        return store.compactedRevision();
    }

    @Override
    public Subscription subscribe(KeyRange range, long afterRevision, Listener listener) {
        return store.subscribe(inward(range), afterRevision, new Listener() {
            @Override
            public void changed(long revision, List<Event> events) {
                listener.changed(revision, events.stream().map(TransformedStore.this::outward).toList());
            }

            @Override
            public void lost(CompactedException cause) {
                listener.lost(cause);
            }
        });
    }

    @Override
    public void compact(long revision) {
        store.compact(revision);
    }

    @Override
    public long grantLease(long id, long timeToLiveSeconds) {
        return store.grantLease(id, timeToLiveSeconds);
    }

    @Override
    public long keepLeaseAlive(long id) {
        return store.keepLeaseAlive(id);
    }

    @Override
    public boolean revokeLease(long id) {
        return store.revokeLease(id);
    }

    @Override
    public @Nullable LeaseInfo lease(long id) {
        LeaseInfo info = store.lease(id);
        return info == null ? null : new LeaseInfo(info.id(), info.grantedSeconds(), info.remainingSeconds(), info.keys().stream().map(forms::outward).toList());
    }

    @Override
    public List<Long> leases() {
        return store.leases();
    }

    @Override
    public boolean shared() {
        return store.shared();
    }

    @Override
    public void check(Duration atMost) {
        store.check(atMost);
    }

    @Override
    public long sizeBytes() {
        return store.sizeBytes();
    }

    @Override
    public boolean outdated(Key key) {
        Key inner = forms.inward(key);
        Entry entry = store.snapshot().get(inner);
        return entry != null && forms.outdated(inner, entry.value());
    }

    /// Closes the inner store.
    @Override
    public void close() {
        store.close();
        forms.close();
    }

    private final class View implements Snapshot {
        private final Snapshot inner;

        View(Snapshot inner) {
            this.inner = inner;
        }

        @Override
        public long revision() {
            return inner.revision();
        }

        @Override
        public @Nullable Entry get(Key key) {
            return outward(inner.get(forms.inward(key)));
        }

        @Override
        public void forEach(KeyRange range, Predicate<Entry> visitor) {
            inner.forEach(inward(range), entry -> visitor.test(opened(entry)));
        }

        @Override
        public long count(KeyRange range) {
            return inner.count(inward(range));
        }
    }
}
