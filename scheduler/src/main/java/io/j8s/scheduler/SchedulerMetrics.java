package io.j8s.scheduler;

import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Gauge;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import io.j8s.scheduler.framework.Measures;
import io.j8s.scheduler.framework.Point;
import io.j8s.scheduler.framework.Profile;
import io.j8s.scheduler.framework.Tally;
import io.j8s.scheduler.queue.SchedulingQueue;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// The scheduler's metrics, under upstream's names, with its labels and buckets (v1.36, those that its default feature gates register).
///
/// Where this scheduler works otherwise: `plugin_evaluation_total` counts the questions that were asked, fewer than a node each; `batch_attempts_total` and `get_node_hint_duration_seconds` tell of
/// classes of nodes that are kept between pods of one kind; `queueing_hint_execution_duration_seconds` observes one in 64 of the pods that the same plugins rejected.
final class SchedulerMetrics {

    private static final int SAMPLED_ONE_IN = 10;

    final Counter attempts;
    final Histogram attemptDuration;
    final Histogram algorithmDuration;
    final Histogram podAttempts;
    final Histogram podDuration;
    final Counter scheduledAfterFlush;
    final Gauge pending;
    final Counter incoming;
    final Histogram victims;
    final Counter preemptions;
    final Histogram preemptionDuration;
    final Counter preemptionsExecuted;
    final Gauge cacheSize;
    final Gauge goroutines;
    final Gauge inFlight;
    final Histogram permitWait;
    final Histogram eventDuration;
    final Histogram hintDuration;
    final Counter claimsCreated;
    private final Histogram pointDuration;
    private final Histogram pluginDuration;
    private final Gauge unschedulable;
    private final Gauge evaluations;
    private final Counter batchAttempts;
    private final Histogram nodeHint;
    private final Histogram resultsStored;
    private final Map<List<String>, LongAdder> rejected = new ConcurrentHashMap<>();

    SchedulerMetrics(MetricRegistry registry) {
        attempts = registry.counter("scheduler_schedule_attempts_total",
                "[STABLE] Number of attempts to schedule pods, by the result. 'unschedulable' means a pod could not be scheduled, while 'error' means an internal scheduler problem.", "profile", "result");
        attemptDuration = registry.histogram("scheduler_scheduling_attempt_duration_seconds", "[STABLE] Scheduling attempt latency in seconds (scheduling algorithm + binding)", exponential(0.001, 2, 15), "profile", "result");
        algorithmDuration = registry.histogram("scheduler_scheduling_algorithm_duration_seconds", "[ALPHA] Scheduling algorithm latency in seconds", exponential(0.001, 2, 15));
        podAttempts = registry.histogram("scheduler_pod_scheduling_attempts", "[STABLE] Number of attempts to successfully schedule a pod.", exponential(1, 2, 5));
        podDuration = registry.histogram("scheduler_pod_scheduling_sli_duration_seconds",
                "[BETA] E2e latency for a pod being scheduled, from the time the pod enters the scheduling queue and might involve multiple scheduling attempts.", exponential(0.01, 2, 20), "attempts");
        scheduledAfterFlush = registry.counter("scheduler_pod_scheduled_after_flush_total", "[ALPHA] Number of pods that were successfully scheduled after being flushed from unschedulablePods due to timeout."
                + " This metric helps detect potential queueing hint misconfigurations or event handling issues.");
        pending = registry.gauge("scheduler_pending_pods", "[STABLE] Number of pending pods, by the queue type. 'active' means number of pods in activeQ; 'backoff' means number of pods in backoffQ;"
                + " 'unschedulable' means number of pods in unschedulablePods that the scheduler attempted to schedule and failed; 'gated' is the number of unschedulable pods that the scheduler never"
                + " attempted to schedule because they are gated.", "queue");
        incoming = registry.counter("scheduler_queue_incoming_pods_total", "[STABLE] Number of pods added to scheduling queues by event and queue type.", "event", "queue");
        pointDuration = registry.histogram("scheduler_framework_extension_point_duration_seconds", "[STABLE] Latency for running all plugins of a specific extension point.", exponential(0.0001, 2, 12), "extension_point", "profile", "status");
        pluginDuration = registry.histogram("scheduler_plugin_execution_duration_seconds", "[ALPHA] Duration for running a plugin at a specific extension point.", exponential(0.00001, 1.5, 20), "extension_point", "plugin", "status");
        victims = registry.histogram("scheduler_preemption_victims", "[STABLE] Number of selected preemption victims", exponential(1, 2, 7));
        preemptions = registry.counter("scheduler_preemption_attempts_total", "[STABLE] Total preemption attempts in the cluster till now");
        preemptionDuration = registry.histogram("scheduler_preemption_goroutines_duration_seconds", "[ALPHA] Duration in seconds for running goroutines for the preemption.", exponential(0.01, 2, 20), "result");
        preemptionsExecuted = registry.counter("scheduler_preemption_goroutines_execution_total", "[ALPHA] Number of preemption goroutines executed.", "result");
        cacheSize = registry.gauge("scheduler_cache_size", "[ALPHA] Number of nodes, pods, and assumed (bound) pods in the scheduler cache.", "type");
        unschedulable = registry.gauge("scheduler_unschedulable_pods", "[BETA] The number of unschedulable pods broken down by plugin name. A pod will increment the gauge for all plugins that caused it to not"
                + " schedule and so this metric have meaning only when broken down by plugin.", "plugin", "profile");
        goroutines = registry.gauge("scheduler_goroutines", "[BETA] Number of running goroutines split by the work they do such as binding.", "operation");
        inFlight = registry.gauge("scheduler_inflight_events", "[ALPHA] Number of events currently tracked in the scheduling queue.", "event");
        permitWait = registry.histogram("scheduler_permit_wait_duration_seconds", "[BETA] Duration of waiting on permit.", exponential(0.001, 2, 15), "result");
        eventDuration = registry.histogram("scheduler_event_handling_duration_seconds", "[ALPHA] Event handling latency in seconds.", exponential(0.0001, 2, 12), "event");
        hintDuration = registry.histogram("scheduler_queueing_hint_execution_duration_seconds", "[ALPHA] Duration for running a queueing hint function of a plugin.", exponential(0.00001, 1.5, 20), "event", "hint", "plugin");
        evaluations = registry.counterFrom("scheduler_plugin_evaluation_total",
                "[BETA] Number of attempts to schedule pods by each plugin and the extension point (available only in PreFilter, Filter, PreScore, and Score).", "extension_point", "plugin", "profile");
        batchAttempts = registry.counter("scheduler_batch_attempts_total", "[ALPHA] Counts of results when we attempt to use batching.", "profile", "result");
        nodeHint = registry.histogram("scheduler_get_node_hint_duration_seconds", "[ALPHA] Latency for getting a node hint.", exponential(0.00001, 2, 12), "hinted", "profile");
        scheduledAfterFlush.add(0); // without labels: there from the start
        preemptions.add(0);
        resultsStored = registry.histogram("scheduler_store_schedule_results_duration_seconds", "[ALPHA] Latency for getting a no.", exponential(0.00001, 2, 12), "profile");
        registry.counter("scheduler_batch_cache_flushed_total", "[ALPHA] Counts of cache flushes by reason.", "profile", "reason"); // classes of nodes are followed, never flushed
        claimsCreated = registry.counter("scheduler_resourceclaim_creates_total", "[ALPHA] Number of ResourceClaims creation requests within scheduler", "status");
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

    /// So many more pods (or less) are rejected by these plugins and wait.
    void rejected(SchedulingQueue.Rejectors by, int more) {
        for (String plugin : by.plugins()) {
            rejected.computeIfAbsent(List.of(plugin, by.schedulerName()), key -> {
                LongAdder count = new LongAdder();
                unschedulable.of(count::sum, plugin, by.schedulerName());
                return count;
            }).add(more);
        }
    }

    /// What the decisions of one profile are noted in.
    Measures of(Profile profile, Timeline timeline) {
        return new OfProfile(profile, timeline);
    }

    private final class OfProfile implements Measures {
        private final Profile profile;
        private final String name;
        private final Timeline timeline;

        OfProfile(Profile profile, Timeline timeline) {
            this.profile = profile;
            this.name = profile.schedulerName();
            this.timeline = timeline;
        }

        @Override
        public long now() {
            return timeline.nanoTime();
        }

        @Override
        public boolean sampled() {
            return timeline.random().nextInt(SAMPLED_ONE_IN) == 0;
        }

        private double seconds(long start) {
            return (timeline.nanoTime() - start) / 1e9;
        }

        @Override
        public void point(String point, String status, long start) {
            pointDuration.observe(seconds(start), point, name, status);
        }

        @Override
        public void plugin(String plugin, String point, String status, long start) {
            pluginDuration.observe(seconds(start), point, plugin, status);
        }

        @Override
        public void hinted(boolean used, long start) {
            batchAttempts.increment(name, used ? "hint_used" : "no_hint");
            pointDuration.observe(seconds(start), "Sign", name, "Success");
            resultsStored.observe(seconds(start), name);
            nodeHint.observe(seconds(start), used ? "hint" : "no_hint", name);
        }

        @Override
        public Tally tally(String plugin) {
            Tally tally = new Tally();
            for (Point point : List.of(Point.PRE_FILTER, Point.FILTER, Point.PRE_SCORE, Point.SCORE)) {
                if (profile.names(point).contains(plugin)) {
                    evaluations.of(() -> tally.at(point), point.title(), plugin, name);
                }
            }
            return tally;
        }
    }
}
