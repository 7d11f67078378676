package io.j8s.controllers.podautoscaler;

import io.j8s.client.ApiException;
import io.j8s.client.DiscoveredResource;
import io.j8s.client.ObjectKey;
import io.j8s.client.WriteOptions;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.ApiResource;
import io.j8s.model.Quantity;
import io.j8s.model.autoscaling.v1.Scale;
import io.j8s.model.autoscaling.v2.CrossVersionObjectReference;
import io.j8s.model.autoscaling.v2.HPAScalingRules;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscalerCondition;
import io.j8s.model.autoscaling.v2.MetricSpec;
import io.j8s.model.autoscaling.v2.MetricStatus;
import io.j8s.model.autoscaling.v2.MetricTarget;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.selector.Selector;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Looks at each autoscaler every 15 s. Of several metrics the one that wants most pods counts; a metric that cannot be had never leads to fewer.
///
/// Metrics of the types Resource and ContainerResource are read from `metrics.k8s.io`; the others are reported as invalid.
public final class HorizontalController implements Controller {

    private final Context context;
    private final AutoscalerSettings settings;
    private final Informer<HorizontalPodAutoscaler> autoscalers;
    private final Informer<Pod> pods;
    private final Map<ObjectKey, ScalingLimits> limits = new ConcurrentHashMap<>();
    private final ControllerLoop<ObjectKey> loop;
    private final EventRecorder events;

    /// @param reason of the metric that decided
    private record Wanted(int replicas, String reason, List<MetricStatus> statuses) {}

    /// A condition that keeps the autoscaler from going on.
    private static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;
        final String type;
        final String reason;

        StoppedException(String type, String reason, String message) {
            super(message, null, false, false);
            this.type = type;
            this.reason = reason;
        }
    }

    public HorizontalController(Context context, AutoscalerSettings settings, int workers) {
        this.settings = settings;
        this.context = context;
        this.autoscalers = context.informers().of(HorizontalPodAutoscaler.RESOURCE);
        this.pods = context.informers().of(Pod.RESOURCE);
        WorkQueue<ObjectKey> queue = context.queue("horizontalpodautoscaler");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
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
        HorizontalPodAutoscaler updated;
        try {
            updated = scale(autoscaler);
        } catch (StoppedException e) {
            events.warning(autoscaler, e.reason, String.valueOf(e.getMessage()));
            updated = with(autoscaler, e.type, "False", e.reason, String.valueOf(e.getMessage()));
        }
        updated = updated.withStatus(s -> s.withObservedGeneration(autoscaler.metadata().generation()));
        if (!updated.status().equals(autoscaler.status())) {
            context.client().updateStatus(HorizontalPodAutoscaler.RESOURCE, key.namespace(), updated);
        }
        return Outcome.retryAfter(settings.period());
    }

    private HorizontalPodAutoscaler scale(HorizontalPodAutoscaler before) {
        CrossVersionObjectReference target = before.spec().scaleTargetRef();
        ApiResource<Scale> resource = resource(target);
        Scale scale = readScale(resource, before);
        int current = scale.spec().replicas();
        HorizontalPodAutoscaler autoscaler = with(before, "AbleToScale", "True", "SucceededGetScale", "the HPA controller was able to get the target's current scale");
        autoscaler = autoscaler.withStatus(s -> s.withCurrentReplicas(scale.status().replicas()));
        int minimum = before.spec().hasMinReplicas() ? before.spec().minReplicas() : 1;
        if (current == 0 && minimum != 0) {
            return with(autoscaler.withStatus(s -> s.withDesiredReplicas(0)), "ScalingActive", "False", "ScalingDisabled", "scaling is disabled since the replica count of the target is zero");
        }
        Wanted wanted = wanted(before, scale, current);
        autoscaler = with(autoscaler, "ScalingActive", "True", "ValidMetricFound", "the HPA was able to successfully calculate a replica count from " + wanted.reason);
        ScalingLimits limit = limits.computeIfAbsent(key(before), k -> new ScalingLimits(settings.downWindow()));
        ScalingLimits.Decision decision = limit.decide(before, current, wanted.replicas, context.time().nanoTime());
        autoscaler = decision.stabilized()
                ? with(autoscaler, "AbleToScale", "True", "ScaleDownStabilized", "recent recommendations were higher than current one, applying the highest recent recommendation")
                : with(autoscaler, "AbleToScale", "True", "ReadyForNewScale", "recommended size matches current size");
        autoscaler = decision.limited().isEmpty()
                ? with(autoscaler, "ScalingLimited", "False", "DesiredWithinRange", "the desired count is within the acceptable range")
                : with(autoscaler, "ScalingLimited", "True", decision.limited(), "the desired replica count is beyond what the bounds or the scaling policies allow");
        if (decision.replicas() != current) {
            autoscaler = write(autoscaler, resource, scale, decision.replicas(), wanted.reason);
            limit.changed(decision.replicas() - current, context.time().nanoTime());
        }
        return autoscaler.withStatus(s -> s.withDesiredReplicas(decision.replicas()).withCurrentMetrics(wanted.statuses));
    }

    private ApiResource<Scale> resource(CrossVersionObjectReference target) {
        String group = target.apiVersion().contains("/") ? target.apiVersion().substring(0, target.apiVersion().indexOf('/')) : "";
        for (DiscoveredResource each : context.discovery().resources()) {
            ApiResource<?> served = each.resource();
            if (served.group().equals(group) && served.kind().equals(target.kind())) {
                return new ApiResource<>(served.group(), served.version(), served.plural(), "Scale", served.namespaced(), Scale.TYPE, Scale.TYPE);
            }
        }
        throw new StoppedException("AbleToScale", "FailedGetScale", "the HPA controller was unable to get the target's current scale: no kind " + target.kind() + " is served in " + target.apiVersion());
    }

    private Scale readScale(ApiResource<Scale> resource, HorizontalPodAutoscaler autoscaler) {
        try {
            return (Scale) context.client().getSubresource(resource, autoscaler.metadata().namespace(), autoscaler.spec().scaleTargetRef().name(), "scale", Scale.TYPE);
        } catch (ApiException e) {
            throw new StoppedException("AbleToScale", "FailedGetScale", "the HPA controller was unable to get the target's current scale: " + e.getMessage());
        }
    }

    private HorizontalPodAutoscaler write(HorizontalPodAutoscaler autoscaler, ApiResource<Scale> resource, Scale scale, int replicas, String reason) {
        try {
            context.client().update(resource, autoscaler.metadata().namespace(), scale.withSpec(s -> s.withReplicas(replicas)), WriteOptions.NONE.onSubresource("scale"));
        } catch (ApiException e) {
            throw new StoppedException("AbleToScale", "FailedUpdateScale", "the HPA controller was unable to update the target scale: " + e.getMessage());
        }
        boolean up = replicas > scale.spec().replicas();
        events.normal(autoscaler, "SuccessfulRescale", "New size: " + replicas + "; reason: " + (up ? reason + " above target" : "All metrics below target"));
        Instant now = context.time().now().truncatedTo(ChronoUnit.SECONDS);
        return with(autoscaler, "AbleToScale", "True", "SucceededRescale", "the HPA controller was able to update the target scale to " + replicas).withStatus(s -> s.withLastScaleTime(now));
    }

    private Wanted wanted(HorizontalPodAutoscaler autoscaler, Scale scale, int current) {
        if (scale.status().selector().isEmpty()) {
            throw new StoppedException("ScalingActive", "InvalidSelector", "the HPA target's scale is missing a selector");
        }
        Selector selector = Selector.parse(scale.status().selector());
        List<Pod> selected = pods.lister().list(autoscaler.metadata().namespace()).stream().filter(p -> selector.matches(p.metadata().labels())).toList();
        ReplicaCalculator calculator = new ReplicaCalculator(settings, selected, context.time().now());
        List<MetricStatus> statuses = new ArrayList<>();
        StoppedException failure = null;
        Wanted most = null;
        for (MetricSpec metric : autoscaler.spec().metrics()) {
            try {
                Wanted one = one(autoscaler, metric, scale.status().selector(), calculator, current, statuses);
                most = most == null || one.replicas > most.replicas ? one : most;
            } catch (StoppedException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (most == null || (failure != null && most.replicas < current)) {
            throw failure != null ? failure : new StoppedException("ScalingActive", "InvalidMetricSourceType", "the autoscaler names no metric");
        }
        return new Wanted(most.replicas, most.reason, statuses);
    }

    private Wanted one(HorizontalPodAutoscaler autoscaler, MetricSpec metric, String selector, ReplicaCalculator calculator, int current, List<MetricStatus> statuses) {
        boolean whole = metric.type().equals("Resource");
        if (!whole && !metric.type().equals("ContainerResource")) {
            throw new StoppedException("ScalingActive", "InvalidMetricSourceType", "metrics of the type " + metric.type() + " are not supported: use Resource or ContainerResource");
        }
        String resource = whole ? metric.resource().name() : metric.containerResource().name();
        String container = whole ? "" : metric.containerResource().container();
        MetricTarget target = whole ? metric.resource().target() : metric.containerResource().target();
        try {
            Map<String, Long> usage = PodMetrics.read(context.client(), autoscaler.metadata().namespace(), selector).of(resource, container);
            ReplicaCalculator.Proposal proposal = calculator.propose(current, usage, resource, container, target, tolerance(autoscaler));
            statuses.add(status(metric, whole, resource, container, proposal));
            String what = proposal.utilization() >= 0 ? " resource utilization (percentage of request)" : " resource";
            return new Wanted(proposal.replicas(), resource + (whole ? "" : " container") + what, List.of());
        } catch (ApiException | ReplicaCalculator.NoFiguresException e) {
            throw new StoppedException("ScalingActive", whole ? "FailedGetResourceMetric" : "FailedGetContainerResourceMetric", "the HPA was unable to compute the replica count: failed to get " + resource + " utilization: " + e.getMessage());
        }
    }

    private double tolerance(HorizontalPodAutoscaler autoscaler) {
        HPAScalingRules up = autoscaler.spec().behavior().scaleUp();
        Quantity own = up.tolerance();
        return own == null ? settings.tolerance() : own.doubleValue();
    }

    private static MetricStatus status(MetricSpec metric, boolean whole, String resource, String container, ReplicaCalculator.Proposal proposal) {
        MetricStatus status = MetricStatus.EMPTY.withType(metric.type());
        Quantity average = Quantity.ofMilli(proposal.average());
        return whole
                ? status.withResource(r -> r.withName(resource).withCurrent(c -> proposal.utilization() < 0 ? c.withAverageValue(average) : c.withAverageValue(average).withAverageUtilization(proposal.utilization())))
                : status.withContainerResource(r -> r.withName(resource).withContainer(container).withCurrent(c -> proposal.utilization() < 0 ? c.withAverageValue(average) : c.withAverageValue(average).withAverageUtilization(proposal.utilization())));
    }

    private HorizontalPodAutoscaler with(HorizontalPodAutoscaler autoscaler, String type, String status, String reason, String message) {
        List<HorizontalPodAutoscalerCondition> conditions = new ArrayList<>(autoscaler.status().conditions());
        HorizontalPodAutoscalerCondition before = conditions.stream().filter(c -> c.type().equals(type)).findFirst().orElse(null);
        @Nullable Instant since = before != null && before.status().equals(status) ? before.lastTransitionTime() : null;
        HorizontalPodAutoscalerCondition condition = HorizontalPodAutoscalerCondition.EMPTY
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(since == null ? context.time().now().truncatedTo(ChronoUnit.SECONDS) : since);
        if (before == null) {
            conditions.add(condition);
        } else {
            conditions.replaceAll(c -> c.type().equals(type) ? condition : c);
        }
        return autoscaler.withStatus(s -> s.withConditions(conditions));
    }
}
