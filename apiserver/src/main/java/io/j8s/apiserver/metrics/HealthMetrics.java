package io.j8s.apiserver.metrics;

import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Gauge;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.function.Predicate;

/// The outcomes of health checks, as `/metrics/slis` tells them. Any thread.
public final class HealthMetrics {

    /// What belongs on the page `/metrics/slis`.
    public static final Predicate<String> ON_PAGE = name -> name.startsWith("kubernetes_healthcheck");

    private final Gauge last;
    private final Counter all;

    public HealthMetrics(MetricRegistry registry) {
        last = registry.gauge("kubernetes_healthcheck", "[STABLE] This metric records the result of a single healthcheck.", "name", "type");
        all = registry.counter("kubernetes_healthchecks_total", "[STABLE] This metric records the results of all healthcheck.", "name", "status", "type");
    }

    /// @param type `healthz`, `livez` or `readyz`
    public void checked(String name, String type, boolean well) {
        last.set(well ? 1 : 0, name, type);
        all.increment(name, well ? "success" : "error", type);
    }
}
