package io.j8s.controllers.podautoscaler;

import io.j8s.client.Client;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The flags `--horizontal-pod-autoscaler-*`.
///
/// @param period between two looks at one autoscaler
/// @param downscaleStabilization for how long earlier proposals keep an autoscaler without a window of its own from scaling down
/// @param tolerance how far from its target a metric may be before anything changes
/// @param cpuInitialization after a pod's start, when its processor use may be left out
/// @param initialReadiness after a pod's start, when not being ready means that it never was
/// @param metrics reaches the metrics APIs, which other servers serve; null: as everything else
public record AutoscalerSettings(Duration period, Duration downscaleStabilization, double tolerance, Duration cpuInitialization, Duration initialReadiness, @Nullable Client metrics) {

    public static final AutoscalerSettings DEFAULT = new AutoscalerSettings(Duration.ofSeconds(15), Duration.ofMinutes(5), 0.1, Duration.ofMinutes(5), Duration.ofSeconds(30), null);

    public AutoscalerSettings {
        if (!period.isPositive() || downscaleStabilization.isNegative() || tolerance < 0) {
            throw new IllegalArgumentException("--horizontal-pod-autoscaler-sync-period must be positive, -downscale-stabilization and -tolerance must not be negative: " + period + ", " + downscaleStabilization + ", " + tolerance);
        }
    }

    public AutoscalerSettings withMetrics(Client value) {
        return new AutoscalerSettings(period, downscaleStabilization, tolerance, cpuInitialization, initialReadiness, value);
    }
}
