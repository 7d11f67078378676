package io.j8s.network.proxy;

import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// What the proxy counts, under upstream's names. Any thread.
final class ProxyMetrics {
    private static final double[] SECONDS = {0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096, 8.192, 16.384};
    private final Histogram full;
    private final Histogram partial;
    private final Histogram all;
    private final Counter failures;
    private final Counter services;
    private final Counter endpoints;
    private final AtomicLong lastMillis = new AtomicLong();
    private final AtomicLong lastQueuedMillis = new AtomicLong();

    ProxyMetrics(MetricRegistry registry) {
        all = registry.histogram("kubeproxy_sync_proxy_rules_duration_seconds", "SyncProxyRules latency in seconds", SECONDS);
        full = registry.histogram("kubeproxy_sync_full_proxy_rules_duration_seconds", "SyncProxyRules latency in seconds for full resyncs", SECONDS);
        partial = registry.histogram("kubeproxy_sync_partial_proxy_rules_duration_seconds", "SyncProxyRules latency in seconds for partial resyncs", SECONDS);
        failures = registry.counter("kubeproxy_sync_proxy_rules_nftables_sync_failures_total", "Cumulative proxy nftables sync failures");
        services = registry.counter("kubeproxy_sync_proxy_rules_service_changes_total", "Cumulative proxy rules Service changes");
        endpoints = registry.counter("kubeproxy_sync_proxy_rules_endpoint_changes_total", "Cumulative proxy rules Endpoint changes");
        registry.gauge("kubeproxy_sync_proxy_rules_last_timestamp_seconds", "The last time proxy rules were successfully synced").of(() -> lastMillis.get() / 1000.0);
        registry.gauge("kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds", "The last time a sync of proxy rules was queued").of(() -> lastQueuedMillis.get() / 1000.0);
    }

    void serviceChanged(Instant now) {
        services.increment();
        lastQueuedMillis.set(now.toEpochMilli());
    }

    void endpointsChanged(Instant now) {
        endpoints.increment();
        lastQueuedMillis.set(now.toEpochMilli());
    }

    void synced(boolean everything, Duration took, Instant now) {
        all.observe(took);
        (everything ? full : partial).observe(took);
        lastMillis.set(now.toEpochMilli());
    }

    void failed() {
        failures.increment();
    }
}
