package io.j8s.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The state that is being written: every change is made here, one after the other, and becomes visible only when a frozen [State] of it is published.
/// No I/O, no threads, no clock; for one thread at a time (its owner's lock).
///
/// A change either happens as a whole or throws before anything was touched.
final class Draft {

    private final Tree.Editor<Slot> entries;
    private final Tree.Editor<Lease> leases;
    private final Tree.Editor<Lease.Held> held;
    private long revision;
    private long compacted;
    private @Nullable Revised newest;
    /// The changes of the transaction that is being done.
    private final List<Event> events = new ArrayList<>();

    Draft(State state) {
        entries = new Tree.Editor<>(state.entries());
        leases = new Tree.Editor<>(state.leases());
        held = new Tree.Editor<>(state.held());
        adopt(state);
    }

    State freeze() {
        return new State(revision, compacted, entries.freeze(), leases.freeze(), held.freeze(), newest);
    }

    /// Forgets what was drafted: goes on from another state.
    void reset(State state) {
        entries.reset(state.entries());
        leases.reset(state.leases());
        held.reset(state.held());
        adopt(state);
    }

    private void adopt(State state) {
        revision = state.revision();
        compacted = state.compacted();
        newest = state.newest();
    }

    long revision() {
        return revision;
    }

    long compacted() {
        return compacted;
    }

    @Nullable Revised newest() {
        return newest;
    }

    /// Runs a transaction that [TransactionCheck] has let pass. Whether it changed anything shows in [#revision()].
    Committed commit(Transaction transaction) {
        Path path = Path.of(transaction, this);
        path.checkLeases(this);
        List<Committed.Result> results = run(path);
        seal();
        return new Committed(path.holds, revision, path.hasNested() ? numbered(results) : results);
    }

    /// Ends a lease: deletes what hangs on it.
    void revoke(long id) {
        List<Key> keys = held(id);
        leases.remove(Lease.key(id));
        for (Key key : keys) {
            delete(key);
        }
        seal();
    }

    /// Ends a lease without its keys: what happens to them is said elsewhere.
    void forget(long id) {
        leases.remove(Lease.key(id));
    }

    /// What a key holds now.
    @Nullable Entry current(Key key) {
        return Slot.newest(entries.get(key));
    }

    @Nullable Lease lease(long id) {
        return leases.get(Lease.key(id));
    }

    void grant(Lease lease) {
        leases.put(lease);
    }

    /// The keys that hang on a lease.
    List<Key> held(long id) {
        List<Key> keys = new ArrayList<>();
        held.forEach(KeyRange.prefix(Lease.key(id)), item -> keys.add(item.target()));
        return keys;
    }

    /// Marks the history below a revision as gone; [#prune(Key)] then frees it key by key.
    void compact(long at) {
        if (at <= compacted) {
            throw new CompactedException(at, compacted);
        }
        if (at > revision) {
            throw new FutureRevisionException(at, revision);
        }
        compacted = at;
    }

    /// Drops the versions of a key that compaction has forgotten.
    void prune(Key key) {
        Slot slot = entries.get(key);
        if (slot instanceof Version) {
            Slot left = Slot.compacted(slot, compacted);
            if (left == null) {
                entries.remove(key);
            } else {
                entries.put(left);
            }
        }
    }

    /// Sets a key as part of the revision that [#seal()] will end.
    Event.Put put(Key key, byte[] value, long lease, @Nullable Object attachment) {
        Slot slot = entries.get(key);
        Entry previous = Slot.newest(slot);
        long next = revision + 1;
        Entry entry = previous == null
                ? new Entry(key, value, next, next, 1, lease, attachment)
                : new Entry(previous.key(), value, previous.createRevision(), next, previous.version() + 1, lease, attachment);
        entries.put(slot == null ? entry : new Version(entry.key(), entry, next, slot));
        if (previous != null && previous.lease() != lease && previous.lease() != 0) {
            held.remove(Lease.Held.of(previous.lease(), key).key());
        }
        if (lease != 0 && (previous == null || previous.lease() != lease)) {
            held.put(Lease.Held.of(lease, entry.key()));
        }
        Event.Put event = new Event.Put(entry, previous);
        events.add(event);
        return event;
    }

    /// Deletes a key, when it is there, as part of the revision that [#seal()] will end.
    @Nullable Entry delete(Key key) {
        Slot slot = entries.get(key);
        Entry previous = Slot.newest(slot);
        if (previous == null) {
            return null;
        }
        entries.put(new Version(previous.key(), null, revision + 1, slot));
        if (previous.lease() != 0) {
            held.remove(Lease.Held.of(previous.lease(), key).key());
        }
        events.add(new Event.Delete(previous.key(), revision + 1, previous));
        return previous;
    }

    /// Ends the revision, if anything was changed.
    void seal() {
        if (events.isEmpty()) {
            return;
        }
        revision++;
        newest = new Revised(revision, List.copyOf(events), newest);
        events.clear();
    }

    /// Puts an entry that a snapshot holds in its place, without a change.
    void restore(Entry entry) {
        entries.put(entry);
        if (entry.lease() != 0) {
            held.put(Lease.Held.of(entry.lease(), entry.key()));
        }
    }

    /// Sets where the entries that a snapshot holds stand, with the changes of that revision itself (null when they are not known).
    void restore(long at, long compactedAt, @Nullable Revised changes) {
        revision = at;
        compacted = compactedAt;
        newest = changes;
    }

    private List<Committed.Result> run(Path path) {
        if (path.operations.size() == 1) {
            return List.of(run(path.operations.getFirst(), path, 0));
        }
        List<Committed.Result> results = new ArrayList<>(path.operations.size());
        int nested = 0;
        for (Operation operation : path.operations) {
            results.add(run(operation, path, nested));
            nested += operation instanceof Operation.Nested ? 1 : 0;
        }
        return List.copyOf(results);
    }

    private Committed.Result run(Operation operation, Path path, int nested) {
        return switch (operation) {
            case Operation.Put put -> new Committed.Result.Put(put(put.key(), put.value(), put.lease(), put.attachment()).previous());
            case Operation.Delete delete -> new Committed.Result.Delete(delete(delete.keys()));
            case Operation.Read read -> new Committed.Result.Read(read(read.keys()));
            case Operation.Nested ignored -> {
                Path inner = path.nested.get(nested);
                yield new Committed.Result.Nested(new Committed(inner.holds, 0, run(inner)));
            }
        };
    }

    private List<Entry> delete(KeyRange keys) {
        List<Entry> present = read(keys);
        for (Entry entry : present) {
            delete(entry.key());
        }
        return present;
    }

    private List<Entry> read(KeyRange keys) {
        if (keys.isSingle()) {
            Entry entry = Slot.newest(entries.get(keys.start()));
            return entry == null ? List.of() : List.of(entry);
        }
        List<Entry> found = new ArrayList<>();
        entries.forEach(keys, slot -> {
            Entry entry = Slot.newest(slot);
            return entry == null || found.add(entry);
        });
        return found;
    }

    private List<Committed.Result> numbered(List<Committed.Result> results) {
        return results.stream()
                .map(result -> result instanceof Committed.Result.Nested(Committed inner)
                        ? new Committed.Result.Nested(new Committed(inner.succeeded(), revision, numbered(inner.results())))
                        : result)
                .toList();
    }

    /// Which branch of a transaction is taken, and within it of each nested one: decided, as in etcd, before anything is done.
    private record Path(boolean holds, List<Operation> operations, List<Path> nested) {

        static Path of(Transaction transaction, Draft draft) {
            boolean holds = true;
            for (Condition condition : transaction.conditions()) {
                holds = holds && condition.holds(draft.read(condition.keys()));
            }
            List<Operation> operations = holds ? transaction.then() : transaction.otherwise();
            List<Path> nested = List.of();
            for (Operation operation : operations) {
                if (operation instanceof Operation.Nested inner) {
                    nested = nested.isEmpty() ? new ArrayList<>() : nested;
                    nested.add(of(inner.transaction(), draft));
                }
            }
            return new Path(holds, operations, nested);
        }

        boolean hasNested() {
            return !nested.isEmpty();
        }

        void checkLeases(Draft draft) {
            for (Operation operation : operations) {
                if (operation instanceof Operation.Put put && put.lease() != 0 && draft.lease(put.lease()) == null) {
                    throw LeaseException.notFound(put.lease());
                }
            }
            nested.forEach(path -> path.checkLeases(draft));
        }
    }
}
