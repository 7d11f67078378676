package io.j8s.cluster.server;

import io.j8s.client.queue.QueueMetrics;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// What one work queue does, as upstream's `workqueue_*` series.
final class QueueSeries implements QueueMetrics {
    private static final double[] SECONDS = {1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10};
    private final String name;
    private final Counter adds;
    private final Counter retries;
    private final Histogram waits;
    private final Histogram works;
    private final AtomicInteger depth = new AtomicInteger();

    QueueSeries(MetricRegistry registry, String name) {
        this.name = name;
        adds = registry.counter("workqueue_adds_total", "Total number of adds handled by workqueue", "name");
        retries = registry.counter("workqueue_retries_total", "Total number of retries handled by workqueue", "name");
        waits = registry.histogram("workqueue_queue_duration_seconds", "How long in seconds an item stays in workqueue before being requested.", SECONDS, "name");
        works = registry.histogram("workqueue_work_duration_seconds", "How long in seconds processing an item from workqueue takes.", SECONDS, "name");
        registry.gauge("workqueue_depth", "Current depth of workqueue", "name").of(depth::get, name);
    }

    @Override
    public void added(int newDepth) {
        adds.increment(name);
        depth.set(newDepth);
    }

    @Override
    public void taken(int newDepth, Duration waited) {
        depth.set(newDepth);
        waits.observe(waited, name);
    }

    @Override
    public void finished(Duration worked) {
        works.observe(worked, name);
    }

    @Override
    public void retried() {
        retries.increment(name);
    }
}
