package io.j8s.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Refuses what etcd refuses before it looks at the data: empty keys, and a key that is put twice, or put and deleted, on any way through the transaction.
final class TransactionCheck {

    private final Set<Key> puts = new HashSet<>();
    private final List<KeyRange> deletes = new ArrayList<>();

    private TransactionCheck() {}

    static void check(Transaction transaction) {
        if (simple(transaction.then()) && simple(transaction.otherwise())) {
            return;
        }
        branch(transaction.then());
        branch(transaction.otherwise());
    }

    /// What a branch writes. Deletes of one level may overlap each other, but not puts.
    private static TransactionCheck branch(List<Operation> operations) {
        TransactionCheck found = new TransactionCheck();
        for (Operation operation : operations) {
            if (operation instanceof Operation.Delete delete) {
                found.deletes.add(delete.keys());
            }
        }
        for (Operation operation : operations) {
            if (operation instanceof Operation.Nested nested) {
                found.nested(nested.transaction());
            }
        }
        for (Operation operation : operations) {
            if (operation instanceof Operation.Put put) {
                found.put(put.key());
            }
        }
        return found;
    }

    /// The usual branch of at most one step, which cannot contradict itself.
    private static boolean simple(List<Operation> operations) {
        return operations.isEmpty()
                || operations.size() == 1
                        && (operations.getFirst() instanceof Operation.Put put && put.key().length() > 0
                                || operations.getFirst() instanceof Operation.Delete
                                || operations.getFirst() instanceof Operation.Read);
    }

    /// Of the two branches only one is taken: they may write the same keys.
    private void nested(Transaction transaction) {
        TransactionCheck then = branch(transaction.then());
        TransactionCheck otherwise = branch(transaction.otherwise());
        for (Key key : then.puts) {
            put(key);
        }
        for (Key key : otherwise.puts) {
            if (!then.puts.contains(key)) {
                put(key);
            }
        }
        deletes.addAll(then.deletes);
        deletes.addAll(otherwise.deletes);
    }

    private void put(Key key) {
        if (key.length() == 0) {
            throw new InvalidTransactionException("a key to put is empty; give it at least one byte");
        }
        for (KeyRange range : deletes) {
            if (range.contains(key)) {
                throw new InvalidTransactionException("key " + key + " is both put and deleted in one transaction; do one of the two");
            }
        }
        if (!puts.add(key)) {
            throw new InvalidTransactionException("key " + key + " is put twice in one transaction; put it once");
        }
    }
}
