package io.j8s.client.queue;

import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// What one work queue does, as upstream's `workqueue_*` series. Calls come under the queue's lock; reading happens on any thread.
public final class QueueSeries implements QueueMetrics {
    private static final double[] SECONDS = {1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10};
    private final MetricRegistry registry;
    private final String name;
    private final Counter adds;
    private final Counter retries;
    private final Histogram waits;
    private final Histogram works;
    private final AtomicInteger depth = new AtomicInteger();

    public QueueSeries(MetricRegistry registry, String name) {
        this.registry = registry;
        this.name = name;
        adds = registry.counter("workqueue_adds_total", "Total number of adds handled by workqueue", "name");
        retries = registry.counter("workqueue_retries_total", "Total number of retries handled by workqueue", "name");
        waits = registry.histogram("workqueue_queue_duration_seconds", "How long in seconds an item stays in workqueue before being requested.", SECONDS, "name");
        works = registry.histogram("workqueue_work_duration_seconds", "How long in seconds processing an item from workqueue takes.", SECONDS, "name");
        registry.gauge("workqueue_depth", "Current depth of workqueue", "name").of(depth::get, name);
    }

    @Override
    public void opened(WorkQueue<?> queue) {
        registry.gauge("workqueue_unfinished_work_seconds", "How many seconds of work are in progress and not yet in work_duration; large values mean stuck threads.", "name").of(() -> seconds(queue.unfinished()), name);
        registry.gauge("workqueue_longest_running_processor_seconds", "For how many seconds the longest running processor of the workqueue has been running.", "name").of(() -> seconds(queue.longestRunning()), name);
    }

    private static double seconds(Duration span) {
        return span.toNanos() / 1e9;
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
