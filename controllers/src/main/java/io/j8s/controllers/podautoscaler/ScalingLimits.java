package io.j8s.controllers.podautoscaler;

import io.j8s.model.autoscaling.v2.HPAScalingPolicy;
import io.j8s.model.autoscaling.v2.HPAScalingRules;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How fast one autoscaler may go: proposals are remembered to wait out fluctuations, and changes to keep to the policies' rates. For one thread at a time.
///
/// An autoscaler without `behavior` at most doubles (or goes to 4), and its proposals to scale down wait for the flag's time; one with it follows its rules.
final class ScalingLimits {
    private static final List<HPAScalingPolicy> UP = List.of(policy("Pods", 4), policy("Percent", 100));
    private static final List<HPAScalingPolicy> DOWN = List.of(policy("Percent", 100));
    private static final Duration REMEMBERED = Duration.ofHours(1);
    private static final int SMALLEST_UP_LIMIT = 4;

    private final Duration defaultWindow;
    private final List<Entry> proposals = new ArrayList<>();
    private final List<Entry> changes = new ArrayList<>();

    /// @param at by the timeline's monotonic clock
    /// @param value a number of replicas, or a change of it
    private record Entry(long at, int value) {}

    /// A reason and its words, as they stand in conditions.
    record Finding(String reason, String message) {}

    /// @param replicas how many there should be
    /// @param able why (or that no) earlier proposal counts instead of the newest
    /// @param limits why (or that no) bound or policy holds it back
    /// @param limited whether one does
    record Decision(int replicas, Finding able, Finding limits, boolean limited) {}

    private static final Finding READY = new Finding("ReadyForNewScale", "recommended size matches current size");
    private static final Finding DOWN_STABILIZED = new Finding("ScaleDownStabilized", "recent recommendations were higher than current one, applying the highest recent recommendation");
    private static final Finding UP_STABILIZED = new Finding("ScaleUpStabilized", "recent recommendations were lower than current one, applying the lowest recent recommendation");
    private static final Finding WITHIN = new Finding("DesiredWithinRange", "the desired count is within the acceptable range");
    private static final Finding TOO_FEW = new Finding("TooFewReplicas", "the desired replica count is less than the minimum replica count");
    private static final Finding TOO_MANY = new Finding("TooManyReplicas", "the desired replica count is more than the maximum replica count");
    private static final Finding UP_LIMIT = new Finding("ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate");
    private static final Finding DOWN_LIMIT = new Finding("ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate");

    ScalingLimits(Duration defaultWindow) {
        this.defaultWindow = defaultWindow;
    }

    private static HPAScalingPolicy policy(String type, int value) {
        return HPAScalingPolicy.EMPTY.withType(type).withValue(value).withPeriodSeconds(15);
    }

    /// The size when the autoscaler was first looked at counts as a proposal: a restart scales nothing down.
    void seen(int current, long now) {
        if (proposals.isEmpty()) {
            proposals.add(new Entry(now, current));
        }
    }

    Decision decide(HorizontalPodAutoscaler autoscaler, int current, int proposed, long now) {
        int minimum = autoscaler.spec().hasMinReplicas() ? autoscaler.spec().minReplicas() : 1;
        int maximum = autoscaler.spec().maxReplicas();
        return autoscaler.spec().hasBehavior()
                ? byRules(autoscaler.spec().behavior().scaleUp(), autoscaler.spec().behavior().scaleDown(), minimum, maximum, current, proposed, now)
                : byDefault(minimum, maximum, current, proposed, now);
    }

    private Decision byDefault(int minimum, int maximum, int current, int proposed, long now) {
        int stable = Math.max(proposed, proposals.stream().filter(e -> within(e, defaultWindow, now)).mapToInt(Entry::value).max().orElse(proposed));
        remember(proposed, now);
        Finding able = stable == proposed ? READY : DOWN_STABILIZED;
        int ceiling = Math.max(2 * current, SMALLEST_UP_LIMIT);
        if (stable < minimum) {
            return new Decision(minimum, able, TOO_FEW, true);
        }
        int most = Math.min(maximum, ceiling);
        return stable > most ? new Decision(most, able, maximum > ceiling ? UP_LIMIT : TOO_MANY, true) : new Decision(stable, able, WITHIN, false);
    }

    private Decision byRules(HPAScalingRules up, HPAScalingRules down, int minimum, int maximum, int current, int proposed, long now) {
        Duration upWindow = Duration.ofSeconds(up.stabilizationWindowSeconds());
        Duration downWindow = down.hasStabilizationWindowSeconds() ? Duration.ofSeconds(down.stabilizationWindowSeconds()) : defaultWindow;
        int least = proposed;
        int most = proposed;
        for (Entry entry : proposals) {
            least = within(entry, upWindow, now) ? Math.min(least, entry.value) : least;
            most = within(entry, downWindow, now) ? Math.max(most, entry.value) : most;
        }
        remember(proposed, now);
        int stable = Math.min(Math.max(current, least), most);
        Finding able = stable == proposed ? READY : proposed >= current ? UP_STABILIZED : DOWN_STABILIZED;
        if (stable > current) {
            int ceiling = Math.max(current, ceiling(up, current, now));
            int bound = Math.min(maximum, ceiling);
            if (stable > bound) {
                return new Decision(bound, able, maximum > ceiling ? UP_LIMIT : TOO_MANY, true);
            }
        } else if (stable < current) {
            int floor = Math.min(current, floor(down, current, now));
            int bound = Math.max(minimum, floor);
            if (stable < bound) {
                return new Decision(bound, able, minimum < floor ? DOWN_LIMIT : TOO_FEW, true);
            }
        }
        return new Decision(stable, able, WITHIN, false);
    }

    private static boolean within(Entry entry, Duration window, long now) {
        return now - entry.at < window.toNanos();
    }

    private void remember(int proposed, long now) {
        proposals.removeIf(e -> now - e.at > REMEMBERED.toNanos());
        proposals.add(new Entry(now, proposed));
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
        int result = least ? Integer.MAX_VALUE : Integer.MIN_VALUE;
        for (HPAScalingPolicy policy : rules.policies().isEmpty() ? UP : rules.policies()) {
            int start = atStart(policy, current, now);
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
        int result = least ? Integer.MIN_VALUE : Integer.MAX_VALUE;
        for (HPAScalingPolicy policy : rules.policies().isEmpty() ? DOWN : rules.policies()) {
            int start = atStart(policy, current, now);
            int limit = policy.type().equals("Pods") ? start - policy.value() : (int) (start * (1 - policy.value() / 100.0));
            result = least ? Math.max(result, limit) : Math.min(result, limit);
        }
        return result;
    }

    /// The size when the policy's period began.
    private int atStart(HPAScalingPolicy policy, int current, long now) {
        Duration period = Duration.ofSeconds(policy.periodSeconds());
        return current - changes.stream().filter(e -> within(e, period, now)).mapToInt(Entry::value).sum();
    }
}
