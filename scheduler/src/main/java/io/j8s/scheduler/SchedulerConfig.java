package io.j8s.scheduler;

import java.time.Duration;

/// How a scheduler works (KubeSchedulerConfiguration v1, as far as it concerns all profiles).
///
/// @param schedulerName the pods that it places: those whose `spec.schedulerName` is this
/// @param firstBackoff the delay after a pod's first failed attempt
/// @param longestBackoff the longest delay
/// @param unschedulableTimeout after so long a pod that waits for events is tried again anyway
/// @param concurrentBindings how many pods may be on their way to their nodes at once
public record SchedulerConfig(String schedulerName, Duration firstBackoff, Duration longestBackoff, Duration unschedulableTimeout, int concurrentBindings) {

    public static final SchedulerConfig DEFAULT =
            new SchedulerConfig("default-scheduler", Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(5), 512);

    public SchedulerConfig {
        if (concurrentBindings < 1) {
            throw new IllegalArgumentException("concurrentBindings: must be at least 1, not " + concurrentBindings);
        }
    }
}
