package io.j8s.apiserver.metrics;

import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.function.Supplier;

/// Counts what watches are told. Any thread.
public final class WatchMetrics {

    private static final double[] SIZES = {1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072};

    private static final double[] LIST_SECONDS = {0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6, 8, 10, 15, 20, 30, 45, 60};
    private final Histogram lists;
    private final Counter events;
    private final Histogram sizes;

    public WatchMetrics(MetricRegistry registry) {
        lists = registry.histogram("apiserver_watch_list_duration_seconds", "[BETA] Response latency distribution in seconds for watch list requests broken by group, version, resource and scope.",
                LIST_SECONDS, "group", "resource", "scope", "version");
        events = registry.counter("apiserver_watch_events_total", "[ALPHA] Number of events sent in watch clients", "group", "resource", "version");
        sizes = registry.histogram("apiserver_watch_events_sizes", "[ALPHA] Watch event size distribution in bytes", SIZES, "group", "resource", "version");
    }

    /// What one watch counts with.
    ///
    /// @param lists how long it takes until what was there before has been sent, for a watch that asked for that
    public record Series(Counter.Series events, Histogram.Series sizes, Supplier<Histogram.Series> lists) {

        /// All that was there before has been sent.
        public void listed(long nanos) {
            lists.get().nanos(nanos);
        }

        public void sent(int bytes) {
            events.increment();
            sizes.observe(bytes);
        }
    }

    /// @param scope `cluster`, `namespace` or `resource`
    public Series of(String group, String version, String resource, String scope) {
        return new Series(events.at(group, resource, version), sizes.at(group, resource, version), () -> lists.at(group, resource, scope, version));
    }
}
