package io.j8s.store;

import java.nio.ByteBuffer;

/// A lease. What is durable of it never changes; when it ends moves on with each sign of life and is kept in memory only.
final class Lease implements Keyed {

    final long id;
    final long seconds;
    private final Key key;
    private volatile long deadlineNanos;

    Lease(long id, long seconds, long nowNanos) {
        this.id = id;
        this.seconds = seconds;
        this.key = key(id);
        renew(nowNanos);
    }

    static Key key(long id) {
        return Key.wrap(ByteBuffer.allocate(Long.BYTES).putLong(id).array());
    }

    @Override
    public Key key() {
        return key;
    }

    void renew(long nowNanos) {
        deadlineNanos = nowNanos + seconds * 1_000_000_000L;
    }

    /// How long it still has; not positive once it is over.
    long remainingNanos(long nowNanos) {
        return deadlineNanos - nowNanos;
    }

    /// That a key hangs on a lease; ordered by lease, then key.
    record Held(Key key, Key target) implements Keyed {

        static Held of(long lease, Key target) {
            return new Held(Key.wrap(ByteBuffer.allocate(Long.BYTES + target.length()).putLong(lease).put(target.array()).array()), target);
        }
    }
}
