package io.j8s.client.queue;

import io.j8s.runtime.Timeline;
import java.time.Duration;

/// A rate limit: so many tokens a second, and a burst that collects while none are taken. Safe for any thread; never blocks.
public final class TokenBucket {
    private static final double NANOS = 1e9;

    private final Timeline time;
    // guarded by this
    private double perSecond;
    private final int burst;
    private double tokens;
    private long last;

    /// @param perSecond tokens that come back each second; 0: none ever do
    public TokenBucket(Timeline time, double perSecond, int burst) {
        this.time = time;
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
        this.last = time.nanoTime();
    }

    /// Takes a token if there is one.
    public synchronized boolean tryTake() {
        refill();
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /// Takes a token now or in advance, and answers how long to wait until it is due.
    public synchronized Duration reserve() {
        refill();
        tokens--;
        if (tokens >= 0) {
            return Duration.ZERO;
        }
        return perSecond <= 0 ? Duration.ofDays(1) : Duration.ofNanos((long) (-tokens / perSecond * NANOS));
    }

    /// Changes the rate from now on; what has collected stays, unless the rate is 0: then nothing can be taken.
    public synchronized void rate(double newPerSecond) {
        refill();
        if (newPerSecond <= 0) {
            tokens = Math.min(0, tokens);
        }
        perSecond = newPerSecond;
    }

    public synchronized double rate() {
        return perSecond;
    }

    private void refill() {
        long now = time.nanoTime();
        tokens = Math.min(burst, tokens + (now - last) / NANOS * perSecond);
        last = now;
    }
}
