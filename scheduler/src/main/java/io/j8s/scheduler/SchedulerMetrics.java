package io.j8s.scheduler;

import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Gauge;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;

/// The scheduler's metrics, under upstream's names.
final class SchedulerMetrics {

    final Counter attempts;
    final Histogram attemptDuration;
    final Histogram algorithmDuration;
    final Histogram podAttempts;
    final Histogram podDuration;
    final Counter scheduledAfterFlush;
    final Gauge pending;
    final Counter incoming;
    final Histogram pointDuration;
    final Histogram victims;
    final Counter preemptions;
    final Gauge cacheSize;
    final Gauge unschedulable;
    final Gauge goroutines;
    final Histogram permitWait;
    final Histogram eventDuration;
    final Counter evaluations;

    SchedulerMetrics(MetricRegistry registry) {
        attempts = registry.counter("scheduler_schedule_attempts_total",
                "Number of attempts to schedule pods, by the result. 'unschedulable' means a pod could not be scheduled, while 'error' means an internal scheduler problem.", "profile", "result");
        attemptDuration = registry.histogram("scheduler_scheduling_attempt_duration_seconds", "Scheduling attempt latency in seconds (scheduling algorithm + binding)", exponential(0.001, 2, 15), "profile", "result");
        algorithmDuration = registry.histogram("scheduler_scheduling_algorithm_duration_seconds", "Scheduling algorithm latency in seconds", exponential(0.001, 2, 15));
        podAttempts = registry.histogram("scheduler_pod_scheduling_attempts", "Number of attempts to successfully schedule a pod.", exponential(1, 2, 5));
        podDuration = registry.histogram("scheduler_pod_scheduling_sli_duration_seconds",
                "E2e latency for a pod being scheduled, from the time the pod enters the scheduling queue and might involve multiple scheduling attempts.", exponential(0.01, 2, 20), "attempts");
        scheduledAfterFlush = registry.counter("scheduler_pod_scheduled_after_flush_total", "Number of pods that were successfully scheduled after being flushed from unschedulablePods due to timeout.");
        pending = registry.gauge("scheduler_pending_pods", "Number of pending pods, by the queue type.", "queue");
        incoming = registry.counter("scheduler_queue_incoming_pods_total", "Number of pods added to scheduling queues by event and queue type.", "event", "queue");
        pointDuration = registry.histogram("scheduler_framework_extension_point_duration_seconds", "Latency for running all plugins of a specific extension point.", exponential(0.0001, 2, 12), "extension_point", "profile", "status");
        victims = registry.histogram("scheduler_preemption_victims", "Number of selected preemption victims", exponential(1, 2, 7));
        preemptions = registry.counter("scheduler_preemption_attempts_total", "Total preemption attempts in the cluster till now");
        cacheSize = registry.gauge("scheduler_cache_size", "Number of nodes, pods, and assumed (bound) pods in the scheduler cache.", "type");
        unschedulable = registry.gauge("scheduler_unschedulable_pods", "The number of unschedulable pods broken down by plugin name.", "plugin", "profile");
        goroutines = registry.gauge("scheduler_goroutines", "Number of running goroutines split by the work they do such as binding.", "operation");
        permitWait = registry.histogram("scheduler_permit_wait_duration_seconds", "Duration of waiting on permit.", exponential(0.001, 2, 15), "result");
        eventDuration = registry.histogram("scheduler_event_handling_duration_seconds", "Event handling latency in seconds.", exponential(0.0001, 2, 12), "event");
        evaluations = registry.counter("scheduler_plugin_evaluation_total", "Number of attempts to schedule pods by each plugin and the extension point.", "extension_point", "plugin", "profile");
    }

    private static double[] exponential(double first, double factor, int count) {
        double[] bounds = new double[count];
        double bound = first;
        for (int i = 0; i < count; i++) {
            bounds[i] = bound;
            bound *= factor;
        }
        return bounds;
    }
}
