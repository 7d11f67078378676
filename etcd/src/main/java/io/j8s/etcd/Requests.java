package io.j8s.etcd;

import io.j8s.store.Condition;
import io.j8s.store.Key;
import io.j8s.store.KeyRange;
import io.j8s.store.Operation;
import io.j8s.store.Transaction;

/// The messages sent to etcd (etcd's rpc.proto; field numbers are given there).
final class Requests {

    /// As a start: the first possible key. As an end: no end.
    private static final byte[] ZERO = {0};

    private Requests() {}

    static Message range(KeyRange keys, long revision, long limit, boolean keysOnly, boolean countOnly) {
        return keys(new Message(), 1, 2, keys).number(3, limit).number(4, revision).flag(8, keysOnly).flag(9, countOnly);
    }

    private static Message keys(Message message, int startField, int endField, KeyRange keys) {
        message.bytes(startField, keys.start().length() == 0 ? ZERO : keys.start().bytes());
        if (!keys.isSingle()) {
            Key end = keys.end();
            message.bytes(endField, end == null ? ZERO : end.bytes());
        }
        return message;
    }

    static Message transaction(Transaction transaction) {
        Message message = new Message();
        transaction.conditions().forEach(condition -> message.message(1, compare(condition)));
        transaction.then().forEach(operation -> message.message(2, operation(operation)));
        transaction.otherwise().forEach(operation -> message.message(3, operation(operation)));
        return message;
    }

    private static Message operation(Operation operation) {
        return switch (operation) {
            case Operation.Read read -> new Message().message(1, range(read.keys(), 0, 0, false, false));
            case Operation.Put put -> new Message().message(2, new Message().bytes(1, put.key().bytes()).bytes(2, put.value()).number(3, put.lease()).flag(4, true));
            case Operation.Delete delete -> new Message().message(3, keys(new Message(), 1, 2, delete.keys()).flag(3, true));
            case Operation.Nested nested -> new Message().message(4, transaction(nested.transaction()));
        };
    }

    private static Message compare(Condition condition) {
        Message message = switch (condition) {
            case Condition.Version(var keys, var operator, long version) -> compare(operator, 0, keys).always(4, version);
            case Condition.CreateRevision(var keys, var operator, long revision) -> compare(operator, 1, keys).always(5, revision);
            case Condition.ModRevision(var keys, var operator, long revision) -> compare(operator, 2, keys).always(6, revision);
            case Condition.Value(var keys, var operator, byte[] value) -> compare(operator, 3, keys).always(7, value);
            case Condition.Lease(var keys, var operator, long lease) -> compare(operator, 4, keys).always(8, lease);
        };
        if (!condition.keys().isSingle()) {
            Key end = condition.keys().end();
            message.bytes(64, end == null ? ZERO : end.bytes());
        }
        return message;
    }

    private static Message compare(Condition.Operator operator, int target, KeyRange keys) {
        int result = switch (operator) {
            case EQUAL -> 0;
            case GREATER -> 1;
            case LESS -> 2;
            case NOT_EQUAL -> 3;
        };
        return new Message().number(1, result).number(2, target).bytes(3, keys.start().length() == 0 ? ZERO : keys.start().bytes());
    }

    static Message compaction(long revision) {
        return new Message().number(1, revision);
    }

    /// Watches all keys from a revision on, with what was there before.
    static Message watch(long startRevision) {
        return new Message().message(1, keys(new Message(), 1, 2, KeyRange.ALL).number(3, startRevision).flag(6, true));
    }

    static Message leaseGrant(long id, long seconds) {
        return new Message().number(1, seconds).number(2, id);
    }

    static Message lease(long id) {
        return new Message().number(1, id);
    }

    static Message leaseTimeToLive(long id) {
        return new Message().number(1, id).flag(2, true);
    }
}
