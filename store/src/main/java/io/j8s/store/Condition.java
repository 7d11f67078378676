package io.j8s.store;

import java.util.Arrays;
import java.util.List;

/// What a transaction asks before it acts. A key that is absent has create revision, mod revision, version and lease 0; its value meets no condition, as in etcd.
/// A condition on a range holds when it holds for every key that is there, or, when none is, for an absent one.
public sealed interface Condition {

    KeyRange keys();

    enum Operator {
        EQUAL,
        NOT_EQUAL,
        GREATER,
        LESS;

        /// Whether it holds between two values that compare like this.
        boolean holds(int order) {
            return switch (this) {
                case EQUAL -> order == 0;
                case NOT_EQUAL -> order != 0;
                case GREATER -> order > 0;
                case LESS -> order < 0;
            };
        }
    }

    record Version(KeyRange keys, Operator operator, long version) implements Condition {}

    record CreateRevision(KeyRange keys, Operator operator, long revision) implements Condition {}

    record ModRevision(KeyRange keys, Operator operator, long revision) implements Condition {}

    record Value(KeyRange keys, Operator operator, byte[] value) implements Condition {}

    record Lease(KeyRange keys, Operator operator, long lease) implements Condition {}

    /// The key is as it was at this revision (0: absent).
    static Condition unchangedSince(Key key, long modRevision) {
        return new ModRevision(KeyRange.only(key), Operator.EQUAL, modRevision);
    }

    static Condition absent(Key key) {
        return unchangedSince(key, 0);
    }

    /// Whether it holds for what is there of its keys: for each entry, and when there is none, for one that is absent. A value that is absent meets no condition at all.
    default boolean holds(List<Entry> present) {
        if (present.isEmpty()) {
            return switch (this) {
                case Version(var keys, var operator, long version) -> operator.holds(Long.compare(0, version));
                case CreateRevision(var keys, var operator, long revision) -> operator.holds(Long.compare(0, revision));
                case ModRevision(var keys, var operator, long revision) -> operator.holds(Long.compare(0, revision));
                case Lease(var keys, var operator, long lease) -> operator.holds(Long.compare(0, lease));
                case Value value -> false;
            };
        }
        for (Entry entry : present) {
            if (!holds(entry)) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(Entry entry) {
        return switch (this) {
            case Version(var keys, var operator, long version) -> operator.holds(Long.compare(entry.version(), version));
            case CreateRevision(var keys, var operator, long revision) -> operator.holds(Long.compare(entry.createRevision(), revision));
            case ModRevision(var keys, var operator, long revision) -> operator.holds(Long.compare(entry.modRevision(), revision));
            case Lease(var keys, var operator, long lease) -> operator.holds(Long.compare(entry.lease(), lease));
            case Value(var keys, var operator, byte[] value) -> operator.holds(Arrays.compareUnsigned(entry.value(), value));
        };
    }
}
