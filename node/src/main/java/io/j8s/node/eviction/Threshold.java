package io.j8s.node.eviction;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What must not be fallen short of.
///
/// @param grace how long it may be, before pods are ended; zero: a hard threshold, at which they are ended at once
/// @param reclaim how much more than the amount is freed once it was fallen short of; null: nothing
record Threshold(Signal signal, Amount amount, Duration grace, @Nullable Amount reclaim) {

    boolean hard() {
        return grace.isZero();
    }

    boolean met(Observation observed, boolean withReclaim) {
        long least = amount.of(observed.capacity()) + (withReclaim && reclaim != null ? reclaim.of(observed.capacity()) : 0);
        return observed.available() < least;
    }
}
