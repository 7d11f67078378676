package io.j8s.apiserver.operation;

import io.j8s.runtime.Timeline;
import io.j8s.store.Store;
import java.time.Duration;

/// Leases of the store for objects that vanish after a time. Objects written within a minute of each other share one, so that thousands of events do not make
/// thousands of leases; each lives at least as long as it should, and at most that minute longer.
public final class Leases {

    private static final int MOST_OBJECTS = 1000;

    private final Store store;
    private final Duration sharedFor;
    private final Timeline timeline;
    /// Guarded by this object.
    private Duration span = Duration.ZERO;
    private long lease;
    private long grantedNanos;
    private int objects;

    /// @param sharedFor how long objects share a lease: they may live so much longer
    public Leases(Store store, Timeline timeline, Duration sharedFor) {
        this.sharedFor = sharedFor;
        this.store = store;
        this.timeline = timeline;
    }

    /// A lease to store an object under; 0 for one that stays.
    synchronized long forObject(Duration timeToLive) {
        if (timeToLive.isZero()) {
            return 0;
        }
        long now = timeline.nanoTime();
        boolean usable = lease != 0 && span.equals(timeToLive) && objects < MOST_OBJECTS && now - grantedNanos < sharedFor.toNanos();
        if (!usable) {
            lease = store.grantLease(0, timeToLive.plus(sharedFor).toSeconds());
            span = timeToLive;
            grantedNanos = now;
            objects = 0;
        }
        objects++;
        return lease;
    }
}
