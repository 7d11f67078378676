package io.j8s.store;

/// What a transaction asks before it acts. A key that is absent has create revision, mod revision, version and lease 0; its value equals nothing.
public sealed interface Condition {

    KeyRange keys();

    enum Operator { EQUAL, NOT_EQUAL, GREATER, LESS }

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
}
