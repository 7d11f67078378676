package io.j8s.client.queue;

import io.j8s.runtime.Timeline;
import java.time.Duration;

/// Waits that grow with each failure and begin anew after a quiet time. Not for sharing between threads.
public final class Backoff {
    private final Timeline time;
    private final Duration first;
    private final Duration longest;
    private final Duration forget;
    private final double jitter;
    private Duration next;
    private long lastUse;

    /// @param forget a span without failures after which the waits are short again
    /// @param jitter up to which share of itself each wait is lengthened at random
    public Backoff(Timeline time, Duration first, Duration longest, Duration forget, double jitter) {
        this.time = time;
        this.first = first;
        this.longest = longest;
        this.forget = forget;
        this.jitter = jitter;
        this.next = first;
        this.lastUse = time.nanoTime();
    }

    /// How long to wait after this failure.
    public Duration next() {
        long now = time.nanoTime();
        if (now - lastUse > forget.toNanos()) {
            next = first;
        }
        lastUse = now;
        Duration wait = next.plusNanos((long) (next.toNanos() * jitter * time.random().nextDouble()));
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(longest) > 0 ? longest : doubled;
        return wait;
    }

    /// Begins anew.
    public void reset() {
        next = first;
    }
}
