package io.j8s.controllers.podautoscaler;

import io.j8s.client.ObjectKey;
import io.j8s.client.informer.Lister;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Gauge;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.time.Duration;

/// Upstream's `horizontal_pod_autoscaler_controller_*` series.
final class AutoscalerMetrics {
    private static final String PREFIX = "horizontal_pod_autoscaler_controller_";
    private static final double[] SECONDS = {0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096, 8.192, 16.384};
    private final Counter reconciliations;
    private final Histogram durations;
    private final Counter computations;
    private final Histogram computationDurations;
    private final Gauge desired;

    AutoscalerMetrics(MetricRegistry registry, Lister<HorizontalPodAutoscaler> autoscalers) {
        reconciliations = registry.counter(PREFIX + "reconciliations_total", "[BETA] Number of reconciliations, by what they did and what went wrong.", "action", "error");
        durations = registry.histogram(PREFIX + "reconciliation_duration_seconds", "[BETA] The time that one reconciliation takes.", SECONDS, "action", "error");
        computations = registry.counter(PREFIX + "metric_computation_total", "[BETA] Number of metric computations.", "action", "error", "metric_type");
        computationDurations = registry.histogram(PREFIX + "metric_computation_duration_seconds", "[BETA] The time that the computation of one metric takes.", SECONDS, "action", "error", "metric_type");
        desired = registry.gauge(PREFIX + "desired_replicas", "[ALPHA] Current desired replica count for HPA objects.", "namespace", "hpa_name");
        registry.gauge(PREFIX + "num_horizontal_pod_autoscalers", "[ALPHA] Current number of controlled HPA objects.").of(autoscalers::size);
    }

    static String action(int current, int wanted) {
        return wanted > current ? "scale_up" : wanted < current ? "scale_down" : "none";
    }

    void reconciled(String action, String error, Duration took) {
        reconciliations.increment(action, error);
        durations.observe(took, action, error);
    }

    void computed(String action, String error, String type, Duration took) {
        computations.increment(action, error, type);
        computationDurations.observe(took, action, error, type);
    }

    void desired(ObjectKey key, int replicas) {
        desired.set(replicas, key.namespace(), key.name());
    }
}
