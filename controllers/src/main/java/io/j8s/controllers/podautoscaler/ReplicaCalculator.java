package io.j8s.controllers.podautoscaler;

import io.j8s.controllers.pods.Pods;
import io.j8s.controllers.podautoscaler.MetricsApi.Figure;
import io.j8s.controllers.podautoscaler.MetricsApi.NoFiguresException;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// How many pods would bring a metric to its target. Pods without figures, and new ones whose processor use means nothing yet, are assumed to be on the careful side: at nothing when
/// scaling up, at their target (or all they asked for, if that is more) when scaling down.
final class ReplicaCalculator {
    private static final Set<String> POD_LEVEL = Set.of("cpu", "memory");
    private final List<Pod> pods;
    private final Instant now;
    private final AutoscalerSettings settings;
    private final Tolerance tolerance;

    /// @param replicas wanted
    /// @param utilization of the requests in percent; 0 when the target is no percentage
    /// @param amount per pod, or of the whole, in thousandths
    record Proposal(int replicas, int utilization, long amount) {}

    /// How far below and above 1 a ratio may be.
    record Tolerance(double down, double up) {
        boolean covers(double ratio) {
            return 1 - down <= ratio && ratio <= 1 + up;
        }
    }

    /// Pods by what their figures are worth.
    private record Groups(int ready, Set<String> unready, Set<String> missing) {}

    /// @param pods those the target's selector matches
    ReplicaCalculator(List<Pod> pods, Instant now, AutoscalerSettings settings, Tolerance tolerance) {
        this.pods = pods;
        this.now = now;
        this.settings = settings;
        this.tolerance = tolerance;
    }

    /// For a part of what pods request, in percent.
    Proposal byUtilization(int current, Map<String, Figure> figures, String resource, String container, int target) {
        Map<String, Long> used = new HashMap<>();
        Groups groups = group(figures, resource, used);
        Map<String, Long> requests = requests(resource, container);
        int percent = utilization(used, requests);
        double ratio = (double) percent / target;
        long fallback = Math.max(100, target);
        int replicas = settle(current, used, groups, ratio, name -> requests.getOrDefault(name, 0L) * fallback / 100, u -> (double) utilization(u, requests) / target);
        long known = figuresOf(figures, groups).filter(requests::containsKey).count();
        long total = figuresOf(figures, groups).filter(requests::containsKey).mapToLong(name -> value(figures, name)).sum();
        return new Proposal(replicas, percent, total / known);
    }

    /// For an amount that each pod should have on average.
    Proposal byAverage(int current, Map<String, Figure> figures, String resource, long target) {
        Map<String, Long> used = new HashMap<>();
        Groups groups = group(figures, resource, used);
        long average = average(used);
        int replicas = settle(current, used, groups, (double) average / target, name -> target, u -> (double) average(u) / target);
        return new Proposal(replicas, 0, average);
    }

    /// For the amount of something as a whole, which grows with what each ready pod has to bear.
    Proposal byValue(int current, long amount, long target) {
        double ratio = (double) amount / target;
        if (current == 0) {
            return new Proposal(ceiling(ratio), 0, amount);
        }
        if (tolerance.covers(ratio)) {
            return new Proposal(current, 0, amount);
        }
        if (pods.isEmpty()) {
            throw new NoFiguresException("unable to calculate ready pods: no pods returned by selector while calculating replica count");
        }
        long ready = pods.stream().filter(pod -> pod.status().phase().equals("Running") && Pods.ready(pod)).count();
        return new Proposal(ceiling(ratio * ready), 0, amount);
    }

    /// For the amount of something as a whole, of which each pod should have so much.
    Proposal byShare(int current, long amount, long target) {
        double ratio = amount / ((double) target * current);
        int replicas = tolerance.covers(ratio) ? current : ceiling((double) amount / target);
        return new Proposal(replicas, 0, amount == Long.MAX_VALUE ? amount : (long) Math.ceil((double) amount / current));
    }

    private static int ceiling(double replicas) {
        return replicas > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) Math.ceil(replicas);
    }

    private static long value(Map<String, Figure> figures, String name) {
        Figure figure = figures.get(name);
        return figure == null ? 0 : figure.value();
    }

    private java.util.stream.Stream<String> figuresOf(Map<String, Figure> figures, Groups groups) {
        Set<String> ignored = ignored();
        return figures.keySet().stream().filter(name -> !groups.unready.contains(name) && !ignored.contains(name));
    }

    private Set<String> ignored() {
        Set<String> ignored = new HashSet<>();
        pods.stream().filter(ReplicaCalculator::ending).forEach(pod -> ignored.add(pod.metadata().name()));
        return ignored;
    }

    private static boolean ending(Pod pod) {
        return pod.metadata().deletionTimestamp() != null || pod.status().phase().equals("Failed");
    }

    /// @param used is filled with the figures that count
    private Groups group(Map<String, Figure> figures, String resource, Map<String, Long> used) {
        if (pods.isEmpty()) {
            throw new NoFiguresException("no pods returned by selector while calculating replica count");
        }
        int ready = 0;
        Set<String> unready = new HashSet<>();
        Set<String> missing = new HashSet<>();
        for (Pod pod : pods) {
            String name = pod.metadata().name();
            Figure figure = figures.get(name);
            if (ending(pod)) {
                continue;
            }
            if (pod.status().phase().equals("Pending")) {
                unready.add(name);
            } else if (figure == null) {
                missing.add(name);
            } else if (resource.equals("cpu") && initializing(pod, figure)) {
                unready.add(name);
            } else {
                ready++;
            }
        }
        Groups groups = new Groups(ready, unready, missing);
        figuresOf(figures, groups).forEach(name -> used.put(name, value(figures, name)));
        if (used.isEmpty()) {
            throw new NoFiguresException("did not receive metrics for targeted pods (pods might be unready)");
        }
        return groups;
    }

    private boolean initializing(Pod pod, Figure figure) {
        PodCondition condition = Pods.condition(pod, "Ready");
        Instant start = pod.status().startTime();
        if (condition == null || start == null) {
            return true;
        }
        Instant changed = condition.lastTransitionTime() == null ? Instant.EPOCH : condition.lastTransitionTime();
        boolean unready = condition.status().equals("False");
        return start.plus(settings.cpuInitialization()).isAfter(now)
                ? unready || figure.at().isBefore(changed.plus(figure.window()))
                : unready && start.plus(settings.initialReadiness()).isAfter(changed);
    }

    /// @param fallback what a pod without a figure counts for when scaling down
    /// @param ratioOf of the use to the target
    private int settle(int current, Map<String, Long> used, Groups groups, double ratio, Function<String, Long> fallback, ToDoubleFunction<Map<String, Long>> ratioOf) {
        boolean unready = ratio > 1 && !groups.unready.isEmpty();
        if (!unready && groups.missing.isEmpty()) {
            return tolerance.covers(ratio) ? current : ceiling(ratio * groups.ready);
        }
        for (String name : groups.missing) {
            if (ratio < 1) {
                used.put(name, fallback.apply(name));
            } else if (ratio > 1) {
                used.put(name, 0L);
            }
        }
        if (unready) {
            groups.unready.forEach(name -> used.put(name, 0L));
        }
        double careful = ratioOf.applyAsDouble(used);
        if (tolerance.covers(careful) || (ratio < 1 && careful > 1) || (ratio > 1 && careful < 1)) {
            return current;
        }
        int replicas = ceiling(careful * used.size());
        boolean backwards = (careful < 1 && replicas > current) || (careful > 1 && replicas < current);
        return backwards ? current : replicas;
    }

    private static long average(Map<String, Long> used) {
        return used.values().stream().mapToLong(Long::longValue).sum() / used.size();
    }

    private static int utilization(Map<String, Long> used, Map<String, Long> requests) {
        long total = 0;
        long requested = 0;
        for (Map.Entry<String, Long> each : used.entrySet()) {
            Long request = requests.get(each.getKey());
            if (request != null) {
                total += each.getValue();
                requested += request;
            }
        }
        if (requested == 0) {
            throw new NoFiguresException("no metrics returned matched known pods");
        }
        return (int) (total * 100 / requested);
    }

    private Map<String, Long> requests(String resource, String container) {
        Map<String, Long> requests = new HashMap<>();
        pods.forEach(pod -> requests.put(pod.metadata().name(), request(pod, resource, container)));
        return requests;
    }

    private static long request(Pod pod, String resource, String container) {
        Map<String, Quantity> whole = pod.spec().resources().requests();
        boolean podLevel = container.isEmpty() && whole.keySet().stream().anyMatch(name -> POD_LEVEL.contains(name) || name.startsWith("hugepages-"));
        if (podLevel && whole.containsKey(resource)) {
            return whole.getOrDefault(resource, Quantity.ZERO).milliValue();
        }
        List<Container> containers = new ArrayList<>(pod.spec().containers());
        pod.spec().initContainers().stream().filter(c -> c.restartPolicy().equals("Always")).forEach(containers::add);
        long sum = 0;
        boolean found = false;
        for (Container each : containers) {
            if (container.isEmpty() || each.name().equals(container)) {
                Quantity request = each.resources().requests().get(resource);
                if (request == null && !podLevel) {
                    throw new NoFiguresException("missing request for " + resource + " in container " + each.name() + " of Pod " + pod.metadata().name());
                }
                found |= request != null;
                sum += request == null ? 0 : request.milliValue();
            }
        }
        if (podLevel && !found) {
            throw new NoFiguresException("missing pod-level request for " + resource + " in Pod " + pod.metadata().name());
        }
        return sum;
    }
}
