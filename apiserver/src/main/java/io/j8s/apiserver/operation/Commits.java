package io.j8s.apiserver.operation;

import io.j8s.apiserver.registry.ResourceTable;
import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Struct;
import io.j8s.store.Committed;
import io.j8s.store.Condition;
import io.j8s.store.Key;
import io.j8s.store.Operation;
import io.j8s.store.StoreUnavailableException;
import io.j8s.store.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Puts objects into the store and takes them out, each under the revision on which the decision to do so was made.
final class Commits {

    private static final int VALUE_BYTES_LIMIT = 3 * 1024 * 1024 / 2;
    private static final Duration CATCH_UP = Duration.ofSeconds(3);

    private final Engine engine;

    Commits(Engine engine) {
        this.engine = engine;
    }

    /// Stores an object if its key is as it was at a revision (0: absent); answers false when it is not. On true, `changed` has its revision and the table has it.
    <T extends Struct> boolean put(ResourceTable<T> table, Stored<T> changed, long unchangedSince, PendingWrite write) {
        if (changed.size() > VALUE_BYTES_LIMIT) {
            throw Refusal.tooLarge("the object takes " + changed.size() + " bytes in the store, where " + VALUE_BYTES_LIMIT + " are allowed");
        }
        Key key = table.storeKey(changed.key());
        long lease = lease(table);
        Committed committed = commit(table.resource(), unchangedSince == 0 ? "create" : "update", key, unchangedSince, write, new Operation.Put(key, changed.value(), lease, changed));
        if (committed.succeeded()) {
            changed.publish(committed.revision());
            awaitTables(committed.revision());
        } else {
            engine.awaitNewest(); // whoever came first may be another server: the next attempt is to know of it
        }
        return committed.succeeded();
    }

    private long lease(ResourceTable<?> table) {
        try {
            return engine.leases().forObject(table.resource().timeToLive());
        } catch (StoreUnavailableException e) {
            throw engine.unavailable(e);
        }
    }

    /// Removes an object if it is as it was at a revision; answers the revision of the removal, or -1 when it is not.
    <T extends Struct> long remove(ResourceTable<T> table, Stored<T> current, PendingWrite write) {
        Key key = table.storeKey(current.key());
        Committed committed = commit(table.resource(), "delete", key, current.revision(), write, new Operation.Delete(key));
        if (!committed.succeeded()) {
            engine.awaitNewest();
            return -1;
        }
        awaitTables(committed.revision());
        return committed.revision();
    }

    private Committed commit(Resource<?> resource, String what, Key key, long unchangedSince, PendingWrite write, Operation operation) {
        List<Condition> conditions;
        List<Operation> operations;
        if (write.operations().isEmpty()) {
            conditions = List.of(Condition.unchangedSince(key, unchangedSince));
            operations = List.of(operation);
        } else {
            conditions = new ArrayList<>(write.conditions());
            conditions.add(Condition.unchangedSince(key, unchangedSince));
            operations = new ArrayList<>(write.operations());
            operations.add(operation);
        }
        long start = engine.timeline().nanoTime();
        try {
            Committed committed = engine.tables().store().commit(new Transaction(conditions, operations, List.of()));
            engine.storage().wrote(resource.hub().group(), resource.hub().plural(), what, engine.timeline().nanoTime() - start);
            return committed;
        } catch (StoreUnavailableException e) {
            engine.storage().failed(resource.hub().group(), resource.hub().plural(), what);
            throw engine.unavailable(e);
        }
    }

    /// With a store elsewhere, its changes may come after the commit is acknowledged; who wrote reads his own write all the same.
    private void awaitTables(long revision) {
        try {
            engine.tables().await(revision, CATCH_UP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
