package io.j8s.controllers.nodelifecycle;

import io.j8s.controllers.frame.Buckets;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Gauge;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.time.Duration;
import java.util.Map;

/// How the zones are, as upstream's `node_collector_*` series.
final class ZoneMetrics {
    private final Gauge health;
    private final Gauge size;
    private final Gauge unhealthy;
    private final Counter evictions;
    private final Histogram looks;

    ZoneMetrics(MetricRegistry registry) {
        health = registry.gauge("node_collector_zone_health", "[ALPHA] Gauge measuring percentage of healthy nodes per zone.", "zone");
        size = registry.gauge("node_collector_zone_size", "[ALPHA] Gauge measuring number of registered Nodes per zones.", "zone");
        unhealthy = registry.gauge("node_collector_unhealthy_nodes_in_zone", "[ALPHA] Gauge measuring number of not Ready Nodes per zones.", "zone");
        evictions = registry.counter("node_collector_evictions_total", "[STABLE] Number of Node evictions that happened since current instance of NodeController started.", "zone");
        looks = registry.histogram("node_collector_update_all_nodes_health_duration_seconds", "[ALPHA] Duration in seconds for NodeController to update the health of all nodes.", Buckets.exponential(0.01, 4, 8));
    }

    void looked(Map<String, Zones.Count> counts, Duration took) {
        looks.observe(took);
        counts.forEach((zone, count) -> {
            int all = count.ready() + count.unready();
            evictions.add(0, zone);
            size.set(all, zone);
            unhealthy.set(count.unready(), zone);
            health.set(all == 0 ? 100 : 100.0 * count.ready() / all, zone);
        });
    }

    void evicted(String zone) {
        evictions.increment(zone);
    }
}
