package io.j8s.apiserver.metrics;

import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;

/// Counts who acts as another, under upstream's names. Any thread.
public final class ImpersonationMetrics {

    private static final double[] SECONDS = {0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096, 8.192, 16.384};

    private final Counter attempts;
    private final Histogram attemptTimes;
    private final Counter checks;
    private final Histogram checkTimes;

    public ImpersonationMetrics(MetricRegistry registry) {
        String[] labels = {"decision", "mode"};
        attempts = registry.counter("apiserver_impersonation_attempts_total", "[ALPHA] Total number of impersonation attempts split by mode and decision.", labels);
        attemptTimes = registry.histogram("apiserver_impersonation_attempts_duration_seconds", "[ALPHA] Latency of impersonation attempts in seconds split by mode and decision.", SECONDS, labels);
        checks = registry.counter("apiserver_impersonation_authorization_attempts_total",
                "[ALPHA] Total number of authorization checks made by the impersonation handler split by mode and decision.", labels);
        checkTimes = registry.histogram("apiserver_impersonation_authorization_attempts_duration_seconds",
                "[ALPHA] Latency of authorization checks made by the impersonation handler in seconds split by mode and decision.", SECONDS, labels);
    }

    /// @param mode that allowed it; empty when none did
    public void attempted(String mode, boolean allowed, long nanos) {
        String decision = allowed ? "allowed" : "denied";
        attempts.increment(decision, mode);
        attemptTimes.observe(nanos / 1e9, decision, mode);
    }

    /// The authorizer was asked on the way.
    public void checked(String mode, boolean allowed, long nanos) {
        String decision = allowed ? "allowed" : "denied";
        checks.increment(decision, mode);
        checkTimes.observe(nanos / 1e9, decision, mode);
    }
}
