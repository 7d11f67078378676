package io.j8s.client.queue;

import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// What one work queue does, as upstream's `workqueue_*` series. Calls come under the queue's lock; reading happens on any thread.
public final class QueueSeries implements QueueMetrics {
    /// As upstream reckons powers of ten, rounding errors and all: labels are looked for by their text.
    private static final double[] SECONDS = {1e-8, 1e-7, 1e-6, 9.999999999999999e-6, 9.999999999999999e-5, 1e-3, 1e-2, 1e-1, 1, 10};
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
        adds = registry.counter("workqueue_adds_total", "[BETA] Total number of adds handled by workqueue", "name");
        retries = registry.counter("workqueue_retries_total", "[BETA] Total number of retries handled by workqueue", "name");
        waits = registry.histogram("workqueue_queue_duration_seconds", "[BETA] How long in seconds an item stays in workqueue before being requested.", SECONDS, "name");
        works = registry.histogram("workqueue_work_duration_seconds", "[BETA] How long in seconds processing an item from workqueue takes.", SECONDS, "name");
        adds.add(0, name);
        retries.add(0, name);
        waits.at(name);
        works.at(name);
        registry.gauge("workqueue_depth", "[BETA] Current depth of workqueue", "name").of(depth::get, name);
    }

    @Override
    public void opened(WorkQueue<?> queue) {
        registry.gauge("workqueue_unfinished_work_seconds", "[BETA] How many seconds of work has done that is in progress and hasn't been observed by "
                + "work_duration. Large values indicate stuck threads. One can deduce the number of stuck threads by observing the rate at which this increases.", "name").of(() -> seconds(queue.unfinished()), name);
        registry.gauge("workqueue_longest_running_processor_seconds", "[BETA] How many seconds has the longest running processor for workqueue been running.", "name").of(() -> seconds(queue.longestRunning()), name);
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
