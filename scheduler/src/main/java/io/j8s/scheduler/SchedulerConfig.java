package io.j8s.scheduler;

import io.j8s.runtime.metrics.MetricRegistry;
import io.j8s.scheduler.config.SchedulerConfiguration;
import io.j8s.scheduler.devices.DeviceExpressions;
import java.time.Duration;

/// How a scheduler works.
///
/// @param configuration KubeSchedulerConfiguration
/// @param unschedulableTimeout after so long a pod that waits for events is tried again anyway (`--pod-max-in-unschedulable-pods-duration`)
/// @param concurrentBindings how many pods may be on their way to their nodes at once
/// @param host this host's name, for events
/// @param metrics where its metrics are registered
/// @param expressions evaluates the expressions of device selectors
public record SchedulerConfig(SchedulerConfiguration configuration, Duration unschedulableTimeout, int concurrentBindings, String host, MetricRegistry metrics, DeviceExpressions expressions) {

    private static final int BINDINGS = 512;

    public SchedulerConfig {
        if (concurrentBindings < 1) {
            throw new IllegalArgumentException("concurrentBindings: must be at least 1, not " + concurrentBindings);
        }
    }

    /// The defaults, with metrics of their own.
    public static SchedulerConfig defaults() {
        return of(SchedulerConfiguration.defaults());
    }

    public static SchedulerConfig of(SchedulerConfiguration configuration) {
        return new SchedulerConfig(configuration, Duration.ofMinutes(5), BINDINGS, "localhost", new MetricRegistry(), DeviceExpressions.NONE);
    }

    public SchedulerConfig withMetrics(MetricRegistry registry) {
        return new SchedulerConfig(configuration, unschedulableTimeout, concurrentBindings, host, registry, expressions);
    }

    public SchedulerConfig withHost(String name) {
        return new SchedulerConfig(configuration, unschedulableTimeout, concurrentBindings, name, metrics, expressions);
    }

    public SchedulerConfig withUnschedulableTimeout(Duration timeout) {
        return new SchedulerConfig(configuration, timeout, concurrentBindings, host, metrics, expressions);
    }

    public SchedulerConfig withExpressions(DeviceExpressions evaluator) {
        return new SchedulerConfig(configuration, unschedulableTimeout, concurrentBindings, host, metrics, evaluator);
    }
}
