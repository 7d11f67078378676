package io.j8s.controllers.podautoscaler;

import io.j8s.client.ApiException;
import io.j8s.client.ObjectKey;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.podautoscaler.MetricSources.FailedException;
import io.j8s.controllers.podautoscaler.ReplicaCalculator.Tolerance;
import io.j8s.controllers.pods.PodsByLabel;
import io.j8s.model.ApiResource;
import io.j8s.model.Quantity;
import io.j8s.model.autoscaling.v1.Scale;
import io.j8s.model.autoscaling.v2.CrossVersionObjectReference;
import io.j8s.model.autoscaling.v2.HPAScalingRules;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscalerStatus;
import io.j8s.model.autoscaling.v2.MetricSpec;
import io.j8s.model.autoscaling.v2.MetricStatus;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.selector.Selector;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Looks at each autoscaler every 15 s. Of several metrics the one that wants most pods counts; a metric that cannot be had never leads to fewer.
public final class HorizontalController implements Controller {
    private static final String ABLE = "AbleToScale";
    private static final String ACTIVE = "ScalingActive";
    private static final String NO_SCALE = "the HPA controller was unable to get the target's current scale: ";

    private final Timeline time;
    private final Context context;
    private final AutoscalerSettings settings;
    private final Informer<HorizontalPodAutoscaler> autoscalers;
    private final PodsByLabel pods;
    private final TargetScale targets;
    private final MetricSources sources;
    private final AutoscalerMetrics metrics;
    private final Map<ObjectKey, ScalingLimits> limits = new ConcurrentHashMap<>();
    /// of those whose target's selector is known
    private final Map<ObjectKey, Selector> selectors = new ConcurrentHashMap<>();
    private final ControllerLoop<ObjectKey> loop;
    private final EventRecorder events;

    /// What all metrics together ask for.
    ///
    /// @param metric the one that decided
    private record Wanted(int replicas, String metric, List<MetricStatus> statuses) {}

    /// What is decided; the replicas may be those there are.
    private record Goal(int replicas, String reason, List<MetricStatus> statuses) {}

    /// The look ends here; what conditions and events say of it is said already.
    private static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;
        final transient List<MetricStatus> statuses;

        StoppedException(List<MetricStatus> statuses) {
            super("", null, false, false);
            this.statuses = statuses;
        }
    }

    public HorizontalController(Context context, AutoscalerSettings settings, int workers) {
        this.time = context.time();
        this.context = context;
        this.settings = settings;
        this.autoscalers = context.informers().of(HorizontalPodAutoscaler.RESOURCE);
        this.pods = PodsByLabel.of(context.informers().of(Pod.RESOURCE));
        this.targets = new TargetScale(context.client(), context.discovery());
        this.sources = new MetricSources(new MetricsApi(settings.metrics() == null ? context.client() : settings.metrics()), targets::qualified);
        this.metrics = new AutoscalerMetrics(context.registry(), autoscalers.lister());
        WorkQueue<ObjectKey> queue = context.queue("horizontalpodautoscaler");
        this.loop = new ControllerLoop<>(time, queue, workers, this::reconcile);
        this.events = context.recorder("horizontal-pod-autoscaler");
        autoscalers.addHandler(new Handler<>() {
            @Override
            public void added(HorizontalPodAutoscaler autoscaler) {
                queue.add(key(autoscaler));
            }

            @Override
            public void changed(HorizontalPodAutoscaler before, HorizontalPodAutoscaler after) {
                if (!before.spec().equals(after.spec())) {
                    queue.add(key(after));
                }
            }

            @Override
            public void deleted(HorizontalPodAutoscaler last) {
                limits.remove(key(last));
                selectors.remove(key(last));
            }
        });
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
        events.close();
    }

    private static ObjectKey key(HorizontalPodAutoscaler autoscaler) {
        return new ObjectKey(autoscaler.metadata().namespace(), autoscaler.metadata().name());
    }

    private Outcome reconcile(ObjectKey key) {
        HorizontalPodAutoscaler autoscaler = autoscalers.lister().get(key);
        if (autoscaler == null) {
            return Outcome.DONE;
        }
        long begin = time.nanoTime();
        Look look = new Look(autoscaler);
        String error = "none";
        try {
            look.run();
        } catch (StoppedException e) {
            error = "internal";
        }
        HorizontalPodAutoscalerStatus status = look.status();
        if (!status.equals(autoscaler.status())) {
            try {
                context.client().updateStatus(HorizontalPodAutoscaler.RESOURCE, key.namespace(), autoscaler.withStatus(status));
            } catch (ApiException e) {
                if (!e.isConflict()) {
                    events.warning(autoscaler, "FailedUpdateStatus", String.valueOf(e.getMessage()));
                }
                error = "internal";
            }
        }
        metrics.reconciled(look.action, error, Duration.ofNanos(time.nanoTime() - begin));
        return Outcome.retryAfter(settings.period());
    }

    /// One look at one autoscaler: what it comes to is its status.
    private final class Look {
        private final HorizontalPodAutoscaler autoscaler;
        private final ObjectKey key;
        private final Conditions conditions;
        private HorizontalPodAutoscalerStatus status;
        private String action = "none";

        Look(HorizontalPodAutoscaler autoscaler) {
            this.autoscaler = autoscaler;
            this.key = key(autoscaler);
            this.status = autoscaler.status();
            this.conditions = new Conditions(autoscaler, time.now());
        }

        HorizontalPodAutoscalerStatus status() {
            return status.withConditions(conditions.list());
        }

        void run() {
            CrossVersionObjectReference target = autoscaler.spec().scaleTargetRef();
            ApiResource<Scale> resource = targets.resource(target);
            if (resource == null) {
                throw unreadable("no matches for kind \"" + target.kind() + "\" in group \"" + TargetScale.group(target) + "\"");
            }
            Scale scale;
            try {
                scale = targets.read(resource, key.namespace(), target.name());
            } catch (ApiException e) {
                throw unreadable(String.valueOf(e.getMessage()));
            }
            conditions.set(ABLE, true, "SucceededGetScale", "the HPA controller was able to get the target's current scale");
            int current = scale.spec().replicas();
            ScalingLimits limit = limits.computeIfAbsent(key, k -> new ScalingLimits(settings.downscaleStabilization()));
            limit.seen(current, time.nanoTime());
            Goal goal;
            try {
                goal = goal(scale, current, limit);
            } catch (StoppedException e) {
                report(current, status.desiredReplicas(), e.statuses);
                throw e;
            }
            if (goal.replicas != current) {
                rescale(resource, scale, goal);
                limit.changed(goal.replicas - current, time.nanoTime());
            }
            report(current, goal.replicas, goal.statuses);
            metrics.desired(key, goal.replicas);
        }

        private StoppedException unreadable(String why) {
            events.warning(autoscaler, "FailedGetScale", why);
            conditions.set(ABLE, false, "FailedGetScale", NO_SCALE + why);
            return new StoppedException(status.currentMetrics());
        }

        private void report(int current, int desired, List<MetricStatus> statuses) {
            HorizontalPodAutoscalerStatus next = HorizontalPodAutoscalerStatus.EMPTY.withCurrentReplicas(current).withDesiredReplicas(desired);
            Instant scaled = status.lastScaleTime();
            next = scaled == null ? next : next.withLastScaleTime(scaled);
            status = statuses.isEmpty() ? next : next.withCurrentMetrics(statuses);
        }

        private Goal goal(Scale scale, int current, ScalingLimits limit) {
            int minimum = autoscaler.spec().hasMinReplicas() ? autoscaler.spec().minReplicas() : 1;
            if (current == 0) {
                conditions.set(ACTIVE, false, "ScalingDisabled", "scaling is disabled since the replica count of the target is zero");
                return new Goal(0, "", List.of());
            }
            if (current > autoscaler.spec().maxReplicas()) {
                return new Goal(autoscaler.spec().maxReplicas(), "Current number of replicas above Spec.MaxReplicas", List.of());
            }
            if (current < minimum) {
                return new Goal(minimum, "Current number of replicas below Spec.MinReplicas", List.of());
            }
            Wanted wanted = wanted(scale, current);
            ScalingLimits.Decision decision = limit.decide(autoscaler, current, wanted.replicas, time.nanoTime());
            conditions.set(ABLE, true, decision.able().reason(), decision.able().message());
            conditions.set("ScalingLimited", decision.limited(), decision.limits().reason(), decision.limits().message());
            String reason = wanted.replicas > current ? wanted.metric + " above target" : wanted.replicas < current ? "All metrics below target" : "";
            return new Goal(decision.replicas(), reason, wanted.statuses);
        }

        private Wanted wanted(Scale scale, int current) {
            Selector selector = selector(scale.status().selector());
            List<Pod> selected = pods.matching(key.namespace(), selector);
            requireUnambiguous(selector, scale.status().selector(), selected);
            ReplicaCalculator calculator = new ReplicaCalculator(selected, time.now(), settings, tolerance());
            MetricSources.Question question = new MetricSources.Question(key.namespace(), current, scale.status().replicas(), scale.status().selector(), calculator);
            List<MetricSpec> specs = autoscaler.spec().metrics();
            List<MetricStatus> statuses = new ArrayList<>();
            FailedException first = null;
            int failed = 0;
            MetricSources.Result most = null;
            for (MetricSpec spec : specs) {
                try {
                    MetricSources.Result result = measured(spec, question);
                    statuses.add(result.status());
                    most = most == null || result.replicas() > most.replicas() ? result : most;
                } catch (FailedException e) {
                    statuses.add(MetricStatus.EMPTY.withType(""));
                    events.warning(autoscaler, e.reason, e.words());
                    first = first == null ? e : first;
                    failed++;
                }
            }
            if (first != null && (most == null || most.replicas() < current)) {
                conditions.set(ACTIVE, false, first.reason, "the HPA was unable to compute the replica count: " + first.words());
                events.warning(autoscaler, "FailedComputeMetricsReplicas", "invalid metrics (" + failed + " invalid out of " + specs.size() + "), first error is: " + first.prefix + first.words());
                throw new StoppedException(statuses);
            }
            String metric = most == null ? "" : most.name();
            conditions.set(ACTIVE, true, "ValidMetricFound", "the HPA was able to successfully calculate a replica count from " + metric);
            return new Wanted(most == null ? 0 : most.replicas(), metric, statuses);
        }

        private MetricSources.Result measured(MetricSpec spec, MetricSources.Question question) {
            long begin = time.nanoTime();
            String action = "none";
            String error = "internal";
            try {
                MetricSources.Result result = sources.ask(spec, question);
                action = AutoscalerMetrics.action(autoscaler.status().currentReplicas(), result.replicas());
                error = "none";
                return result;
            } finally {
                metrics.computed(action, error, spec.type(), Duration.ofNanos(time.nanoTime() - begin));
            }
        }

        private Selector selector(String text) {
            if (text.isEmpty()) {
                throw unselected("SelectorRequired", "selector is required", "the HPA target's scale is missing a selector");
            }
            try {
                return Selector.parse(text);
            } catch (IllegalArgumentException e) {
                String message = "couldn't convert selector into a corresponding internal selector object: " + e.getMessage();
                throw unselected("InvalidSelector", message, message);
            }
        }

        private StoppedException unselected(String reason, String event, String condition) {
            events.warning(autoscaler, reason, event);
            conditions.set(ACTIVE, false, reason.equals("SelectorRequired") ? "InvalidSelector" : reason, condition);
            events.warning(autoscaler, "FailedComputeMetricsReplicas", event);
            return new StoppedException(List.of());
        }

        /// Two autoscalers must not fight over the same pods.
        private void requireUnambiguous(Selector selector, String text, List<Pod> selected) {
            selectors.put(key, selector);
            List<String> others = new ArrayList<>();
            selectors.forEach((other, its) -> {
                if (other.namespace().equals(key.namespace()) && selected.stream().anyMatch(p -> its.matches(p.metadata().labels()))) {
                    others.add(other.toString());
                }
            });
            if (others.size() > 1) {
                String message = "pods by selector " + text + " are controlled by multiple HPAs: [" + String.join(" ", others.stream().sorted().toList()) + "]";
                throw unselected("AmbiguousSelector", message, message);
            }
        }

        private Tolerance tolerance() {
            return new Tolerance(tolerance(autoscaler.spec().behavior().scaleDown()), tolerance(autoscaler.spec().behavior().scaleUp()));
        }

        private double tolerance(HPAScalingRules rules) {
            @Nullable Quantity own = rules.tolerance();
            return own == null ? settings.tolerance() : own.milliValue() / 1000.0;
        }

        private void rescale(ApiResource<Scale> resource, Scale scale, Goal goal) {
            int current = scale.spec().replicas();
            try {
                targets.write(resource, key.namespace(), scale, goal.replicas);
            } catch (ApiException e) {
                events.warning(autoscaler, "FailedRescale", "New size: " + goal.replicas + "; reason: " + goal.reason + "; error: " + e.getMessage());
                conditions.set(ABLE, false, "FailedUpdateScale", "the HPA controller was unable to update the target scale: " + e.getMessage());
                report(current, status.desiredReplicas(), goal.statuses);
                throw new StoppedException(goal.statuses);
            }
            conditions.set(ABLE, true, "SucceededRescale", "the HPA controller was able to update the target scale to " + goal.replicas);
            events.normal(autoscaler, "SuccessfulRescale", "New size: " + goal.replicas + "; reason: " + goal.reason);
            status = status.withLastScaleTime(time.now().truncatedTo(ChronoUnit.SECONDS));
            action = AutoscalerMetrics.action(current, goal.replicas);
        }
    }
}
