package io.j8s.apiserver.resources.autoscaling;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Version;
import io.j8s.model.Quantity;
import io.j8s.model.autoscaling.v2.HPAScalingPolicy;
import io.j8s.model.autoscaling.v2.HPAScalingRules;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscalerSpec;
import io.j8s.model.autoscaling.v2.MetricSpec;
import io.j8s.model.autoscaling.v2.MetricStatus;
import io.j8s.model.autoscaling.v2.MetricTarget;
import io.j8s.model.autoscaling.v2.MetricValueStatus;
import io.j8s.model.autoscaling.v2.ResourceMetricSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `horizontalpodautoscalers.autoscaling`, in the versions v2 and v1.
final class HorizontalPodAutoscalers {

    private static final int CPU_PERCENT = 80;
    private static final int SHOWN = 2;
    private static final String UNKNOWN = "<unknown>";

    private HorizontalPodAutoscalers() {}

    static Resource<HorizontalPodAutoscaler> resource() {
        return Resource.of(HorizontalPodAutoscaler.RESOURCE)
                .metadataNotRevalidated()
                .shortNames("hpa")
                .categories("all")
                .defaults(HorizontalPodAutoscalers::defaults)
                .createRules(AutoscalerRules::create)
                .updateRules(AutoscalerRules::update)
                .status(AutoscalerRules::status)
                .alsoServed(new Version<>(
                        io.j8s.model.autoscaling.v1.HorizontalPodAutoscaler.RESOURCE,
                        sent -> sent.spec().hasMinReplicas() ? sent : sent.withSpec(spec -> spec.withMinReplicas(1)),
                        AutoscalerVersions::toHub, AutoscalerVersions::fromHub, List.of()))
                .table(table -> table
                        .nameColumn()
                        .column("Reference", "string", "What is scaled.", (hpa, now) -> hpa.spec().scaleTargetRef().kind() + "/" + hpa.spec().scaleTargetRef().name())
                        .column("Targets", "string", "What is measured, and what it should be.", (hpa, now) -> targets(hpa))
                        .column("MinPods", "string", "How many pods there are at least.", (hpa, now) -> hpa.spec().hasMinReplicas() ? Integer.toString(hpa.spec().minReplicas()) : "<unset>")
                        .column("MaxPods", "string", "How many pods there are at most.", (hpa, now) -> hpa.spec().maxReplicas())
                        .column("Replicas", "string", "How many pods there were when it last looked.", (hpa, now) -> hpa.status().currentReplicas())
                        .ageColumn())
                .build();
    }

    static MetricSpec defaultMetric() {
        MetricTarget target = MetricTarget.EMPTY.withType("Utilization").withAverageUtilization(CPU_PERCENT);
        return MetricSpec.EMPTY.withType("Resource").withResource(ResourceMetricSource.EMPTY.withName("cpu").withTarget(target));
    }

    private static HorizontalPodAutoscaler defaults(HorizontalPodAutoscaler sent) {
        HorizontalPodAutoscalerSpec spec = sent.spec();
        spec = spec.hasMinReplicas() ? spec : spec.withMinReplicas(1);
        spec = spec.metrics().isEmpty() ? spec.withMetrics(List.of(defaultMetric())) : spec;
        spec = spec.hasBehavior() ? spec.withBehavior(HorizontalPodAutoscalers::behavior) : spec;
        return sent.withSpec(spec);
    }

    private static HorizontalPodAutoscalerBehavior behavior(HorizontalPodAutoscalerBehavior sent) {
        HPAScalingPolicy pods = HPAScalingPolicy.EMPTY.withType("Pods").withValue(4).withPeriodSeconds(15);
        HPAScalingPolicy percent = HPAScalingPolicy.EMPTY.withType("Percent").withValue(100).withPeriodSeconds(15);
        HPAScalingRules up = sent.scaleUp().hasStabilizationWindowSeconds() ? sent.scaleUp() : sent.scaleUp().withStabilizationWindowSeconds(0);
        return sent.withScaleUp(rules(up, List.of(pods, percent))).withScaleDown(rules(sent.scaleDown(), List.of(percent)));
    }

    private static HPAScalingRules rules(HPAScalingRules sent, List<HPAScalingPolicy> policies) {
        HPAScalingRules rules = sent.hasSelectPolicy() ? sent : sent.withSelectPolicy("Max");
        return rules.has(HPAScalingRules.POLICIES) ? rules : rules.withPolicies(policies);
    }

    // ---- the table's targets

    private static String targets(HorizontalPodAutoscaler hpa) {
        List<MetricSpec> metrics = hpa.spec().metrics();
        if (metrics.isEmpty()) {
            return "<none>";
        }
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < metrics.size(); i++) {
            cells.add(target(metrics.get(i), i < hpa.status().currentMetrics().size() ? hpa.status().currentMetrics().get(i) : MetricStatus.EMPTY));
        }
        String shown = String.join(", ", cells.subList(0, Math.min(SHOWN, cells.size())));
        return cells.size() > SHOWN ? shown + " + " + (cells.size() - SHOWN) + " more..." : shown;
    }

    private static String target(MetricSpec metric, MetricStatus status) {
        return switch (metric.type()) {
            case "External" -> ofValue(metric.external().target(), status.hasExternal(), status.external().current());
            case "Object" -> ofValue(metric.object().target(), status.hasObject(), status.object().current());
            case "Pods" -> text(status.hasPods() ? status.pods().current().averageValue() : null) + "/" + metric.pods().target().averageValue();
            case "Resource" -> metric.resource().name() + ": " + ofResource(metric.resource().target(), status.hasResource(), status.resource().current());
            case "ContainerResource" -> metric.containerResource().name() + ": "
                    + ofResource(metric.containerResource().target(), status.hasContainerResource(), status.containerResource().current());
            default -> "<unknown type>";
        };
    }

    private static String text(@Nullable Quantity quantity) {
        return quantity == null ? UNKNOWN : quantity.toString();
    }

    private static String ofValue(MetricTarget target, boolean known, MetricValueStatus current) {
        if (target.hasAverageValue()) {
            return text(known ? current.averageValue() : null) + "/" + target.averageValue() + " (avg)";
        }
        return text(known ? current.value() : null) + "/" + target.value();
    }

    private static String ofResource(MetricTarget target, boolean known, MetricValueStatus current) {
        if (target.hasAverageValue()) {
            return text(known ? current.averageValue() : null) + "/" + target.averageValue();
        }
        String used = known && current.hasAverageUtilization() ? current.averageUtilization() + "%" : UNKNOWN;
        return used + "/" + (target.hasAverageUtilization() ? target.averageUtilization() + "%" : "<auto>");
    }
}
