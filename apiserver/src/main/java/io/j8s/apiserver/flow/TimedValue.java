package io.j8s.apiserver.flow;

import io.j8s.runtime.metrics.Histogram;

/// How long a number was at most each bound: a distribution over time, as if it were looked at after every nanosecond. Guarded by the lock of its [FlowControl].
final class TimedValue {

    private final double[] bounds;
    private final long[] nanos;
    private double sum;
    private double value;
    private long since;

    TimedValue(double[] bounds, long now) {
        this.bounds = bounds;
        this.nanos = new long[bounds.length + 1];
        this.since = now;
    }

    void set(double changed, long now) {
        settle(now);
        value = changed;
    }

    private void settle(long now) {
        long span = Math.max(0, now - since);
        int at = 0;
        while (at < bounds.length && value > bounds[at]) {
            at++;
        }
        nanos[at] += span;
        sum += span * value;
        since = Math.max(since, now);
    }

    Histogram.Observed observed(long now) {
        settle(now);
        return new Histogram.Observed(nanos, sum);
    }
}
