package io.j8s.apiserver.metrics;

import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;

/// Counts what watches are told. Any thread.
public final class WatchMetrics {

    private static final double[] SIZES = {1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072};

    private final Counter events;
    private final Histogram sizes;

    public WatchMetrics(MetricRegistry registry) {
        events = registry.counter("apiserver_watch_events_total", "[ALPHA] Number of events sent in watch clients", "group", "resource", "version");
        sizes = registry.histogram("apiserver_watch_events_sizes", "[ALPHA] Watch event size distribution in bytes", SIZES, "group", "resource", "version");
    }

    /// What one watch counts with.
    public record Series(Counter.Series events, Histogram.Series sizes) {
        public void sent(int bytes) {
            events.increment();
            sizes.observe(bytes);
        }
    }

    public Series of(String group, String version, String resource) {
        return new Series(events.at(group, resource, version), sizes.at(group, resource, version));
    }
}
