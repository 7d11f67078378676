package io.j8s.apiserver.metrics;

import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How long the store takes for writes of objects. Reads come from memory, so none is counted. Any thread.
public final class StorageMetrics {

    private static final double[] SECONDS = {0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60};

    private final Histogram times;
    private final Counter requests;
    private final Counter errors;
    private final TableMetrics tables;
    private final Map<Key, Series> series = new ConcurrentHashMap<>();

    private record Key(String group, String resource, String operation) {}

    private record Series(Counter.Series count, Histogram.Series times) {}

    public StorageMetrics(MetricRegistry registry) {
        tables = new TableMetrics(registry);
        times = registry.histogram("etcd_request_duration_seconds", "[ALPHA] Etcd request latency in seconds for each operation and object type.", SECONDS, "group", "operation", "resource");
        requests = registry.counter("etcd_requests_total", "[ALPHA] Etcd request counts for each operation and object type.", "group", "operation", "resource");
        errors = registry.counter("etcd_request_errors_total", "[ALPHA] Etcd failed request counts for each operation and object type.", "group", "operation", "resource");
    }

    /// Of the tables that reads are answered from.
    public TableMetrics tables() {
        return tables;
    }

    /// @param operation `create`, `update` or `delete`
    public void wrote(String group, String resource, String operation, long nanos) {
        Series one = series.computeIfAbsent(new Key(group, resource, operation),
                key -> new Series(requests.at(key.group, key.operation, key.resource), times.at(key.group, key.operation, key.resource)));
        one.count.increment();
        one.times.nanos(nanos);
    }

    public void failed(String group, String resource, String operation) {
        errors.increment(group, operation, resource);
    }
}
