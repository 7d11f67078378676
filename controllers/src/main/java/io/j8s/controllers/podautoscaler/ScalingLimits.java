package io.j8s.controllers.podautoscaler;

import io.j8s.model.autoscaling.v2.HPAScalingPolicy;
import io.j8s.model.autoscaling.v2.HPAScalingRules;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How fast one autoscaler may go: proposals are remembered to wait out fluctuations, and changes to keep to the policies' rates. For one thread at a time.
final class ScalingLimits {
    private static final List<HPAScalingPolicy> UP = List.of(policy("Pods", 4), policy("Percent", 100));
    private static final List<HPAScalingPolicy> DOWN = List.of(policy("Percent", 100));
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final Duration usualDownWindow;
    private final List<Entry> proposals = new ArrayList<>();
    private final List<Entry> changes = new ArrayList<>();

    /// @param at by the timeline's monotonic clock
    /// @param value a number of replicas, or a change of it
    private record Entry(long at, int value) {}

    /// @param downWindow where an autoscaler names none
    ScalingLimits(Duration downWindow) {
        this.usualDownWindow = downWindow;
    }

    /// @param replicas how many there should be
    /// @param stabilized whether an earlier proposal counts instead of the newest
    /// @param limited whether a bound or a policy holds it back
    record Decision(int replicas, boolean stabilized, String limited) {}

    private static HPAScalingPolicy policy(String type, int value) {
        return HPAScalingPolicy.EMPTY.withType(type).withValue(value).withPeriodSeconds(15);
    }

    Decision decide(HorizontalPodAutoscaler autoscaler, int current, int proposed, long now) {
        HPAScalingRules up = autoscaler.spec().behavior().scaleUp();
        HPAScalingRules down = autoscaler.spec().behavior().scaleDown();
        Duration upWindow = Duration.ofSeconds(up.stabilizationWindowSeconds());
        Duration downWindow = down.hasStabilizationWindowSeconds() ? Duration.ofSeconds(down.stabilizationWindowSeconds()) : usualDownWindow;
        proposals.add(new Entry(now, proposed));
        proposals.removeIf(e -> now - e.at > REMEMBERED.toNanos());
        int least = proposed;
        int most = proposed;
        for (Entry entry : proposals) {
            least = now - entry.at <= upWindow.toNanos() ? Math.min(least, entry.value) : least;
            most = now - entry.at <= downWindow.toNanos() ? Math.max(most, entry.value) : most;
        }
        int stable = Math.max(Math.min(current, most), least);
        int minimum = autoscaler.spec().hasMinReplicas() ? autoscaler.spec().minReplicas() : 1;
        int maximum = autoscaler.spec().maxReplicas();
        int allowed = stable > current ? Math.min(stable, ceiling(up, current, now)) : stable < current ? Math.max(stable, floor(down, current, now)) : stable;
        int result = Math.max(minimum, Math.min(maximum, allowed));
        String limited = stable < minimum ? "TooFewReplicas" : stable > maximum ? "TooManyReplicas" : allowed < stable ? "ScaleUpLimit" : allowed > stable ? "ScaleDownLimit" : "";
        return new Decision(result, stable != proposed, limited);
    }

    void changed(int by, long now) {
        changes.add(new Entry(now, by));
        changes.removeIf(e -> now - e.at > REMEMBERED.toNanos());
    }

    private int ceiling(HPAScalingRules rules, int current, long now) {
        if (rules.selectPolicy().equals("Disabled")) {
            return current;
        }
        boolean least = rules.selectPolicy().equals("Min");
        int result = least ? Integer.MAX_VALUE : current;
        for (HPAScalingPolicy policy : rules.policies().isEmpty() ? UP : rules.policies()) {
            int start = current - within(policy, now, true);
            int limit = policy.type().equals("Pods") ? start + policy.value() : (int) Math.ceil(start * (1 + policy.value() / 100.0));
            result = least ? Math.min(result, limit) : Math.max(result, limit);
        }
        return result;
    }

    private int floor(HPAScalingRules rules, int current, long now) {
        if (rules.selectPolicy().equals("Disabled")) {
            return current;
        }
        boolean least = rules.selectPolicy().equals("Min");
        int result = least ? 0 : current;
        for (HPAScalingPolicy policy : rules.policies().isEmpty() ? DOWN : rules.policies()) {
            int start = current + within(policy, now, false);
            int limit = policy.type().equals("Pods") ? start - policy.value() : (int) (start * (1 - policy.value() / 100.0));
            result = least ? Math.max(result, limit) : Math.min(result, limit);
        }
        return result;
    }

    private int within(HPAScalingPolicy policy, long now, boolean up) {
        long period = Duration.ofSeconds(policy.periodSeconds()).toNanos();
        return changes.stream().filter(e -> now - e.at < period && (e.value > 0) == up).mapToInt(e -> Math.abs(e.value)).sum();
    }
}
