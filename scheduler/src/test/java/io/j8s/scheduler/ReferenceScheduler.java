package io.j8s.scheduler;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodAffinityTerm;
import io.j8s.model.core.v1.Taint;
import io.j8s.model.core.v1.TopologySpreadConstraint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Slow and obviously right: where a pod may go, straight from the definitions, with no counts kept.
final class ReferenceScheduler {

    private final Collection<Node> nodes;
    private final Collection<Pod> placed;

    ReferenceScheduler(Collection<Node> nodes, Collection<Pod> placed) {
        this.nodes = nodes;
        this.placed = placed;
    }

    List<String> mayGoTo(Pod pod) {
        List<String> names = new ArrayList<>();
        for (Node node : nodes) {
            if (fits(pod, node) && tolerates(pod, node) && selects(pod, node) && keepsDistance(pod, node) && isNear(pod, node) && spreads(pod, node)) {
                names.add(node.metadata().name());
            }
        }
        return names;
    }

    private List<Pod> on(Node node) {
        return placed.stream().filter(other -> other.spec().nodeName().equals(node.metadata().name())).toList();
    }

    private boolean fits(Pod pod, Node node) {
        long taken = on(node).stream().mapToLong(ReferenceScheduler::cpu).sum();
        Quantity cpu = java.util.Objects.requireNonNull(node.status().allocatable().get("cpu"));
        Quantity pods = java.util.Objects.requireNonNull(node.status().allocatable().get("pods"));
        return (cpu(pod) == 0 || taken + cpu(pod) <= cpu.milliValue()) && on(node).size() + 1 <= pods.value();
    }

    private static long cpu(Pod pod) {
        long sum = 0;
        for (Container container : pod.spec().containers()) {
            Quantity asked = container.resources().requests().get("cpu");
            sum += asked == null ? 0 : asked.milliValue();
        }
        return sum;
    }

    private static boolean tolerates(Pod pod, Node node) {
        for (Taint taint : node.spec().taints()) {
            if (taint.effect().equals("NoSchedule")
                    && pod.spec().tolerations().stream().noneMatch(t -> t.key().equals(taint.key()) && t.operator().equals("Exists"))) {
                return false;
            }
        }
        return true;
    }

    private static boolean selects(Pod pod, Node node) {
        return node.metadata().labels().entrySet().containsAll(pod.spec().nodeSelector().entrySet());
    }

    private boolean samePlace(Node one, Pod other, String key) {
        String value = one.metadata().labels().get(key);
        return value != null && nodes.stream().anyMatch(
                node -> node.metadata().name().equals(other.spec().nodeName()) && value.equals(node.metadata().labels().get(key)));
    }

    private static boolean about(Map<String, String> selector, Pod pod) {
        return pod.metadata().labels().entrySet().containsAll(selector.entrySet());
    }

    private boolean keepsDistance(Pod pod, Node node) {
        for (PodAffinityTerm term : pod.spec().affinity().podAntiAffinity().requiredDuringSchedulingIgnoredDuringExecution()) {
            if (placed.stream().anyMatch(other -> about(term.labelSelector().matchLabels(), other) && samePlace(node, other, term.topologyKey()))) {
                return false;
            }
        }
        for (Pod other : placed) {
            for (PodAffinityTerm term : other.spec().affinity().podAntiAffinity().requiredDuringSchedulingIgnoredDuringExecution()) {
                if (about(term.labelSelector().matchLabels(), pod) && samePlace(node, other, term.topologyKey())) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isNear(Pod pod, Node node) {
        for (PodAffinityTerm term : pod.spec().affinity().podAffinity().requiredDuringSchedulingIgnoredDuringExecution()) {
            if (!node.metadata().labels().containsKey(term.topologyKey())) {
                return false;
            }
            Map<String, String> selector = term.labelSelector().matchLabels();
            boolean any = placed.stream().anyMatch(other -> about(selector, other) && hasKey(other, term.topologyKey()));
            if (any ? placed.stream().noneMatch(other -> about(selector, other) && samePlace(node, other, term.topologyKey())) : !about(selector, pod)) {
                return false;
            }
        }
        return true;
    }

    private boolean hasKey(Pod other, String key) {
        return nodes.stream().anyMatch(node -> node.metadata().name().equals(other.spec().nodeName()) && node.metadata().labels().containsKey(key));
    }

    private boolean spreads(Pod pod, Node node) {
        for (TopologySpreadConstraint constraint : pod.spec().topologySpreadConstraints()) {
            String here = node.metadata().labels().get(constraint.topologyKey());
            if (here == null) {
                return false;
            }
            Map<String, Integer> counts = new HashMap<>();
            for (Node one : nodes) {
                String place = one.metadata().labels().get(constraint.topologyKey());
                if (place != null && selects(pod, one)) {
                    int there = (int) on(one).stream().filter(other -> about(constraint.labelSelector().matchLabels(), other)).count();
                    counts.merge(place, there, Integer::sum);
                }
            }
            int least = counts.values().stream().min(Integer::compare).orElse(0);
            int self = about(constraint.labelSelector().matchLabels(), pod) ? 1 : 0;
            if (counts.getOrDefault(here, 0) + self - least > constraint.maxSkew()) {
                return false;
            }
        }
        return true;
    }
}
