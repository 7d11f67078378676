package io.j8s.controllers.podautoscaler;

import io.j8s.controllers.pods.Pods;
import io.j8s.model.Quantity;
import io.j8s.model.autoscaling.v2.MetricTarget;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many pods would bring a resource's use to its target. Pods without figures, and new ones whose processor use means nothing yet, are assumed to be on the careful side: at nothing when
/// scaling up, at their target when scaling down.
final class ReplicaCalculator {
    private final AutoscalerSettings settings;
    private final List<Pod> pods;
    private final Instant now;

    /// @param replicas wanted
    /// @param utilization of the requests in percent; -1 when the target is no percentage
    /// @param average per pod, in thousandths
    record Proposal(int replicas, int utilization, long average) {}

    /// The figures do not allow a decision.
    static final class NoFiguresException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoFiguresException(String message) {
            super(message, null, false, false);
        }
    }

    ReplicaCalculator(AutoscalerSettings settings, List<Pod> pods, Instant now) {
        this.settings = settings;
        this.pods = pods.stream().filter(p -> p.metadata().deletionTimestamp() == null && !p.status().phase().equals("Failed")).toList();
        this.now = now;
    }

    Proposal propose(int current, Map<String, Long> usage, String resource, String container, MetricTarget target, double tolerance) {
        Map<String, Long> ready = new HashMap<>();
        List<Pod> unready = new ArrayList<>();
        List<Pod> missing = new ArrayList<>();
        for (Pod pod : pods) {
            Long amount = usage.get(pod.metadata().name());
            if (pod.status().phase().equals("Pending")) {
                unready.add(pod);
            } else if (amount == null) {
                missing.add(pod);
            } else if (resource.equals("cpu") && initializing(pod)) {
                unready.add(pod);
            } else {
                ready.put(pod.metadata().name(), amount);
            }
        }
        if (ready.isEmpty()) {
            throw new NoFiguresException("did not receive metrics for targeted pods (pods might be unready)");
        }
        Map<String, Long> wanted = wanted(resource, container, target);
        double ratio = ratio(ready, wanted);
        Proposal shown = shown(ready, resource, container, target);
        boolean assume = !missing.isEmpty() || (ratio > 1 && !unready.isEmpty());
        if (!assume) {
            int replicas = Math.abs(1 - ratio) <= tolerance ? current : (int) Math.ceil(ratio * ready.size());
            return new Proposal(replicas, shown.utilization, shown.average);
        }
        missing.forEach(pod -> ready.put(pod.metadata().name(), ratio < 1 ? wanted.getOrDefault(pod.metadata().name(), 0L) : 0L));
        if (ratio > 1) {
            unready.forEach(pod -> ready.put(pod.metadata().name(), 0L));
        }
        double careful = ratio(ready, wanted);
        boolean turned = (ratio < 1 && careful > 1) || (ratio > 1 && careful < 1);
        int replicas = (int) Math.ceil(careful * ready.size());
        boolean backwards = (careful < 1 && replicas > current) || (careful > 1 && replicas < current);
        boolean stay = Math.abs(1 - careful) <= tolerance || turned || backwards;
        return new Proposal(stay ? current : replicas, shown.utilization, shown.average);
    }

    private boolean initializing(Pod pod) {
        PodCondition condition = Pods.condition(pod, "Ready");
        Instant start = pod.status().startTime();
        if (condition == null || start == null) {
            return true;
        }
        Instant changed = condition.lastTransitionTime();
        boolean neverReady = condition.status().equals("False") && changed != null && changed.isBefore(start.plus(settings.initialReadiness()));
        return start.plus(settings.cpuInitialization()).isAfter(now) ? !condition.status().equals("True") : neverReady;
    }

    /// What each pod should use.
    private Map<String, Long> wanted(String resource, String container, MetricTarget target) {
        Map<String, Long> wanted = new HashMap<>();
        Quantity average = target.averageValue();
        for (Pod pod : pods) {
            long value = average != null ? average.milliValue() : request(pod, resource, container) * target.averageUtilization() / 100;
            wanted.put(pod.metadata().name(), value);
        }
        return wanted;
    }

    private static long request(Pod pod, String resource, String container) {
        long sum = 0;
        List<Container> all = new ArrayList<>(pod.spec().containers());
        pod.spec().initContainers().stream().filter(c -> c.restartPolicy().equals("Always")).forEach(all::add);
        for (Container each : all) {
            if (!container.isEmpty() && !each.name().equals(container)) {
                continue;
            }
            Quantity request = each.resources().requests().get(resource);
            if (request == null) {
                throw new NoFiguresException("missing request for " + resource + " in container " + each.name() + " of Pod " + pod.metadata().name());
            }
            sum += request.milliValue();
        }
        return sum;
    }

    private static double ratio(Map<String, Long> used, Map<String, Long> wanted) {
        long total = 0;
        long goal = 0;
        for (Map.Entry<String, Long> each : used.entrySet()) {
            total += each.getValue();
            goal += wanted.getOrDefault(each.getKey(), 0L);
        }
        return goal == 0 ? 1 : (double) total / goal;
    }

    private Proposal shown(Map<String, Long> ready, String resource, String container, MetricTarget target) {
        long total = ready.values().stream().mapToLong(Long::longValue).sum();
        long average = total / ready.size();
        if (target.averageValue() != null) {
            return new Proposal(0, -1, average);
        }
        long requested = pods.stream().filter(p -> ready.containsKey(p.metadata().name())).mapToLong(p -> request(p, resource, container)).sum();
        return new Proposal(0, requested == 0 ? 0 : (int) (total * 100 / requested), average);
    }
}
