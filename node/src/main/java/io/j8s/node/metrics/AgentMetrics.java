package io.j8s.node.metrics;

import io.j8s.node.cri.Calls;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import io.j8s.runtime.metrics.ProcessMetrics;
import java.time.Duration;

/// What the node agent counts of its own work, under upstream's names (what dashboards for kubelets show). Any thread.
public final class AgentMetrics implements Calls {
    private static final double[] SPANS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
    private static final double[] STARTS = {0.5, 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, 45, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600};

    private final Timeline timeline;
    private final MetricRegistry registry = new MetricRegistry();
    private final Counter operations;
    private final Counter operationErrors;
    private final Histogram operationSpans;
    private final Histogram relists;
    private final Histogram relistIntervals;
    private final Histogram workerSpans;
    private final Histogram podStarts;
    private final Counter startedContainers;
    private final Counter startErrors;
    private final Counter startedPods;

    public AgentMetrics(Timeline timeline, boolean unifiedGroups) {
        this.timeline = timeline;
        ProcessMetrics.register(registry);
        operations = registry.counter("kubelet_runtime_operations_total", "Cumulative number of runtime operations by operation type.", "operation_type");
        operationErrors = registry.counter("kubelet_runtime_operations_errors_total", "Cumulative number of runtime operation errors by operation type.", "operation_type");
        operationSpans = registry.histogram("kubelet_runtime_operations_duration_seconds", "Duration in seconds of runtime operations. Broken down by operation type.", SPANS, "operation_type");
        relists = registry.histogram("kubelet_pleg_relist_duration_seconds", "Duration in seconds for relisting pods in PLEG.", SPANS);
        relistIntervals = registry.histogram("kubelet_pleg_relist_interval_seconds", "Interval in seconds between relisting in PLEG.", STARTS);
        workerSpans = registry.histogram("kubelet_pod_worker_duration_seconds", "Duration in seconds to sync a single pod. Broken down by operation type: create, update, or sync", SPANS, "operation_type");
        podStarts = registry.histogram("kubelet_pod_start_duration_seconds", "Duration in seconds from kubelet seeing a pod for the first time to the pod starting to run", STARTS);
        startedContainers = registry.counter("kubelet_started_containers_total", "Cumulative number of containers started", "container_type");
        startErrors = registry.counter("kubelet_started_containers_errors_total", "Cumulative number of errors when starting containers", "container_type", "code");
        startedPods = registry.counter("kubelet_started_pods_total", "Cumulative number of pods started");
        registry.gauge("kubelet_cgroup_version", "cgroup version on the hosts.").set(unifiedGroups ? 2 : 1);
    }

    public MetricRegistry registry() {
        return registry;
    }

    @Override
    public long now() {
        return timeline.nanoTime();
    }

    @Override
    public void made(String operation, Duration span, boolean failed) {
        operations.increment(operation);
        operationSpans.observe(span, operation);
        if (failed) {
            operationErrors.increment(operation);
        }
    }

    /// @param interval since the one before; zero: it was the first
    public void relisted(Duration span, Duration interval) {
        relists.observe(span);
        if (interval.isPositive()) {
            relistIntervals.observe(interval);
        }
    }

    /// A pod's worker took one step.
    ///
    /// @param first whether it was the pod's first
    public void worked(Duration span, boolean first) {
        workerSpans.observe(span, first ? "create" : "sync");
    }

    /// All containers of a pod run for the first time.
    public void podStarted(Duration since) {
        podStarts.observe(since);
    }

    public void sandboxMade() {
        startedPods.increment();
    }

    /// @param type `container`, `init_container` or `ephemeral_container`
    /// @param error why it did not start; empty: it did
    public void containerStarted(String type, String error) {
        if (error.isEmpty()) {
            startedContainers.increment(type);
        } else {
            startErrors.increment(type, error);
        }
    }
}
