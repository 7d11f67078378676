package io.j8s.controllers.resourcequota;

import io.j8s.controllers.pods.Pods;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodAffinityTerm;
import io.j8s.model.core.v1.ResourceRequirements;
import io.j8s.model.core.v1.ScopedResourceSelectorRequirement;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/// What a pod uses of a quota, and to which scopes it belongs.
final class PodUsage {
    private PodUsage() {}

    static Map<String, Quantity> of(Pod pod, Instant now) {
        Map<String, Quantity> usage = new HashMap<>();
        usage.put("count/pods", Quantity.of(1));
        if (!counts(pod, now)) {
            return usage;
        }
        usage.put("pods", Quantity.of(1));
        sum(pod, ResourceRequirements::requests, pod.spec().resources().requests()).forEach((name, amount) -> {
            if (name.equals("cpu") || name.equals("memory") || name.equals("ephemeral-storage") || name.startsWith("hugepages-")) {
                usage.put(name, amount);
                usage.put("requests." + name, amount);
            } else if (name.contains("/")) {
                usage.put("requests." + name, amount);
            }
        });
        sum(pod, ResourceRequirements::limits, pod.spec().resources().limits()).forEach((name, amount) -> {
            if (name.equals("cpu") || name.equals("memory") || name.equals("ephemeral-storage")) {
                usage.put("limits." + name, amount);
            }
        });
        return usage;
    }

    /// Finished pods, and those that should long have been gone, hold nothing.
    private static boolean counts(Pod pod, Instant now) {
        Instant deletion = pod.metadata().deletionTimestamp();
        return !Pods.finished(pod) && (deletion == null || !now.isAfter(deletion.plusSeconds(pod.metadata().deletionGracePeriodSeconds())));
    }

    /// What all containers need at once, or the greediest moment of initialization (sidecars go on, other init containers run one by one), and the overhead; what the pod says as a whole goes before that.
    private static Map<String, Quantity> sum(Pod pod, Function<ResourceRequirements, Map<String, Quantity>> part, Map<String, Quantity> whole) {
        Map<String, Quantity> running = new HashMap<>();
        pod.spec().containers().forEach(c -> add(running, part.apply(c.resources())));
        Map<String, Quantity> sidecars = new HashMap<>();
        Map<String, Quantity> most = new HashMap<>();
        for (Container container : pod.spec().initContainers()) {
            Map<String, Quantity> own = part.apply(container.resources());
            if (container.restartPolicy().equals("Always")) {
                add(running, own);
                add(sidecars, own);
                max(most, sidecars);
            } else {
                Map<String, Quantity> together = new HashMap<>(sidecars);
                add(together, own);
                max(most, together);
            }
        }
        max(running, most);
        running.putAll(whole);
        Map<String, Quantity> overhead = pod.spec().overhead();
        overhead.forEach((name, amount) -> running.computeIfPresent(name, (n, before) -> before.add(amount)));
        return running;
    }

    private static void add(Map<String, Quantity> to, Map<String, Quantity> more) {
        more.forEach((name, amount) -> to.merge(name, amount, Quantity::add));
    }

    private static void max(Map<String, Quantity> to, Map<String, Quantity> other) {
        other.forEach((name, amount) -> to.merge(name, amount, (a, b) -> a.compareTo(b) >= 0 ? a : b));
    }

    static boolean inScope(Pod pod, ScopedResourceSelectorRequirement scope) {
        return switch (scope.scopeName()) {
            case "Terminating" -> pod.spec().hasActiveDeadlineSeconds();
            case "NotTerminating" -> !pod.spec().hasActiveDeadlineSeconds();
            case "BestEffort" -> bestEffort(pod);
            case "NotBestEffort" -> !bestEffort(pod);
            case "PriorityClass" -> priority(pod.spec().priorityClassName(), scope);
            case "CrossNamespacePodAffinity" -> crossesNamespaces(pod);
            default -> false;
        };
    }

    private static boolean bestEffort(Pod pod) {
        Stream<Container> all = Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream());
        boolean none = all.allMatch(c -> Stream.concat(c.resources().requests().entrySet().stream(), c.resources().limits().entrySet().stream())
                .noneMatch(e -> (e.getKey().equals("cpu") || e.getKey().equals("memory")) && !e.getValue().isZero()));
        return none && pod.spec().resources().requests().isEmpty() && pod.spec().resources().limits().isEmpty();
    }

    private static boolean priority(String name, ScopedResourceSelectorRequirement scope) {
        return switch (scope.operator()) {
            case "In" -> !name.isEmpty() && scope.values().contains(name);
            case "NotIn" -> !scope.values().contains(name);
            case "", "Exists" -> !name.isEmpty();
            case "DoesNotExist" -> name.isEmpty();
            default -> false;
        };
    }

    private static boolean crossesNamespaces(Pod pod) {
        Stream<PodAffinityTerm> terms = Stream.of(
                        pod.spec().affinity().podAffinity().requiredDuringSchedulingIgnoredDuringExecution().stream(),
                        pod.spec().affinity().podAffinity().preferredDuringSchedulingIgnoredDuringExecution().stream().map(w -> w.podAffinityTerm()),
                        pod.spec().affinity().podAntiAffinity().requiredDuringSchedulingIgnoredDuringExecution().stream(),
                        pod.spec().affinity().podAntiAffinity().preferredDuringSchedulingIgnoredDuringExecution().stream().map(w -> w.podAffinityTerm()))
                .flatMap(s -> s);
        return terms.anyMatch(term -> !term.namespaces().isEmpty() || term.hasNamespaceSelector());
    }
}
