package io.j8s.controllers.podautoscaler;

import java.time.Duration;

/// @param period between looks at an autoscaler (`--horizontal-pod-autoscaler-sync-period`)
/// @param tolerance the share by which usage may miss its target without any scaling (`--horizontal-pod-autoscaler-tolerance`)
/// @param cpuInitialization how long after a pod's start its processor time counts only when it is ready (`--horizontal-pod-autoscaler-cpu-initialization-period`)
/// @param initialReadiness how long after its start a pod that is not ready was never ready (`--horizontal-pod-autoscaler-initial-readiness-delay`)
/// @param downWindow over which the highest wish decides when scaling down (`--horizontal-pod-autoscaler-downscale-stabilization`)
public record AutoscalerSettings(Duration period, double tolerance, Duration cpuInitialization, Duration initialReadiness, Duration downWindow) {
    public static final AutoscalerSettings DEFAULT = new AutoscalerSettings(Duration.ofSeconds(15), 0.1, Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofMinutes(5));
}
