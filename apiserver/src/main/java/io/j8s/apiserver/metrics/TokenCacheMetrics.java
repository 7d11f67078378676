package io.j8s.apiserver.metrics;

import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.concurrent.atomic.LongAdder;

/// How often a bearer token was known already on its connection, and how often somebody had to be asked, under upstream's names. Any thread.
public final class TokenCacheMetrics {

    private static final double[] SECONDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    private final Timeline timeline;
    private final Counter.Series hits;
    private final Counter.Series misses;
    private final Histogram.Series hitTimes;
    private final Histogram.Series missTimes;
    private final Counter fetches;
    private final LongAdder fetching = new LongAdder();

    public TokenCacheMetrics(MetricRegistry registry, Timeline timeline) {
        this.timeline = timeline;
        Counter requests = registry.counter("authentication_token_cache_request_total", "[ALPHA]", "status");
        hits = requests.at("hit");
        misses = requests.at("miss");
        Histogram times = registry.histogram("authentication_token_cache_request_duration_seconds", "[ALPHA]", SECONDS, "status");
        hitTimes = times.at("hit");
        missTimes = times.at("miss");
        fetches = registry.counter("authentication_token_cache_fetch_total", "[ALPHA]", "status");
        registry.gauge("authentication_token_cache_active_fetch_count", "[ALPHA]", "status").of(() -> 0, "blocked").of(fetching::sum, "in_flight"); // none waits for another's
    }

    /// The clock that spans are measured with.
    public long nanoTime() {
        return timeline.nanoTime();
    }

    public void hit(long startNanos) {
        hits.increment();
        hitTimes.nanos(timeline.nanoTime() - startNanos);
    }

    /// Somebody is being asked; [#fetched] follows.
    public void fetching() {
        fetching.increment();
    }

    /// @param known whether it was said whose token it is
    public void fetched(boolean known, long startNanos) {
        fetching.decrement();
        fetches.increment(known ? "ok" : "error");
        misses.increment();
        missTimes.nanos(timeline.nanoTime() - startNanos);
    }
}
