package io.j8s.scheduler;

import io.j8s.model.core.v1.Pod;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import io.j8s.model.selector.Selector;
import io.j8s.scheduler.framework.Diagnosis;
import io.j8s.scheduler.framework.Placement;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Chooses pods of a lower priority that have to go so that a pod fits (the plugin DefaultPreemption). Pure: it only decides.
///
/// For each node on which it could help, all pods of a lower priority are taken away in thought; if the pod then fits, as many as possible are put back, those whose disruption budgets
/// would be broken first, then the greater ones. Of the nodes, the one is taken that breaks the fewest budgets, then has the least of greatest victims, the least sum of priorities, the
/// fewest victims, and the youngest of greatest victims.
final class Preemption {

    static final String NAME = "DefaultPreemption";
    private static final int LEAST_CANDIDATES = 100;
    private static final int LEAST_PERCENTAGE = 10;
    /// The greater come first; of equals the older.
    private static final Comparator<PodInfo> IMPORTANCE = Comparator.<PodInfo>comparingInt(pod -> -pod.priority()).thenComparing(PodInfo::since).thenComparing(PodInfo::uid);

    private final ClusterState cluster;
    private final Supplier<List<PodDisruptionBudget>> budgets;
    private final RandomGenerator random;

    /// A node, and the pods that have to go from it, the greatest first.
    record Choice(NodeInfo node, List<PodInfo> victims, int budgetsBroken) {}

    Preemption(ClusterState cluster, Supplier<List<PodDisruptionBudget>> budgets, RandomGenerator random) {
        this.cluster = cluster;
        this.budgets = budgets;
        this.random = random;
    }

    /// Whether a pod may make others go now: not if its policy forbids it, nor while pods that it made go are still ending on its node.
    boolean mayPreempt(PodInfo pod, String nominatedNode) {
        if (pod.pod().spec().preemptionPolicy().equals("Never")) {
            return false;
        }
        NodeInfo node = nominatedNode.isEmpty() ? null : cluster.node(nominatedNode);
        return node == null || node.pods().values().stream().noneMatch(other -> other.ending() && other.priority() < pod.priority());
    }

    /// The best choice for a pod that fits nowhere; null when nothing helps.
    @Nullable Choice choose(Placement placement, PodInfo pod, Diagnosis diagnosis) {
        List<NodeInfo> nodes = new ArrayList<>();
        diagnosis.each((node, verdict) -> {
            if (verdict.rejection().resolvable() && node.pods().values().stream().anyMatch(other -> other.priority() < pod.priority())) {
                nodes.add(node);
            }
        });
        if (nodes.isEmpty()) {
            return null;
        }
        int enough = Math.max(LEAST_CANDIDATES, cluster.nodes().size() * LEAST_PERCENTAGE / 100);
        int start = random.nextInt(nodes.size());
        List<Choice> choices = new ArrayList<>();
        List<PodDisruptionBudget> all = budgets.get();
        for (int i = 0; i < nodes.size() && choices.size() < enough; i++) {
            Choice choice = onNode(placement, pod, nodes.get((start + i) % nodes.size()), all);
            if (choice != null) {
                choices.add(choice);
            }
        }
        return choices.stream().min(PREFERENCE).orElse(null);
    }

    private static final Comparator<Choice> PREFERENCE = Comparator.comparingInt(Choice::budgetsBroken)
            .thenComparingInt(choice -> choice.victims.getFirst().priority())
            .thenComparingLong(choice -> choice.victims.stream().mapToLong(victim -> victim.priority() + (1L << 31)).sum())
            .thenComparingInt(choice -> choice.victims.size())
            .thenComparing(Preemption::youngestStart, Comparator.reverseOrder());

    /// The earliest start among the victims of the highest priority.
    private static Instant youngestStart(Choice choice) {
        int highest = choice.victims.getFirst().priority();
        return choice.victims.stream().filter(victim -> victim.priority() == highest).map(PodInfo::since).min(Comparator.naturalOrder()).orElse(Instant.MAX);
    }

    private @Nullable Choice onNode(Placement placement, PodInfo pod, NodeInfo node, List<PodDisruptionBudget> all) {
        List<PodInfo> lower = new ArrayList<>(node.pods().values().stream().filter(other -> other.priority() < pod.priority()).sorted(IMPORTANCE).toList());
        lower.forEach(victim -> cluster.remove(victim.uid()));
        List<PodInfo> victims = new ArrayList<>();
        int broken = 0;
        try {
            if (placement.verdict(pod, node) != null) {
                return null;
            }
            List<PodInfo> protectedPods = breaking(lower, all);
            List<PodInfo> order = new ArrayList<>(protectedPods);
            lower.stream().filter(candidate -> !protectedPods.contains(candidate)).forEach(order::add);
            for (PodInfo candidate : order) {
                cluster.put(candidate, node.name());
                if (placement.verdict(pod, node) != null) {
                    cluster.remove(candidate.uid());
                    victims.add(candidate);
                    broken += protectedPods.contains(candidate) ? 1 : 0;
                }
            }
        } finally {
            lower.stream().filter(candidate -> cluster.pod(candidate.uid()) == null).forEach(candidate -> cluster.put(candidate, node.name()));
        }
        victims.sort(IMPORTANCE);
        return victims.isEmpty() ? null : new Choice(node, List.copyOf(victims), broken);
    }

    /// Those whose going would break a budget, if they went in this order.
    private static List<PodInfo> breaking(List<PodInfo> pods, List<PodDisruptionBudget> budgets) {
        Map<PodDisruptionBudget, Integer> goneBy = new HashMap<>();
        List<PodInfo> breaking = new ArrayList<>();
        for (PodInfo pod : pods) {
            boolean breaks = false;
            for (PodDisruptionBudget budget : budgets) {
                if (covers(budget, pod.pod())) {
                    int taken = goneBy.merge(budget, 1, Integer::sum);
                    breaks |= taken > budget.status().disruptionsAllowed();
                }
            }
            if (breaks) {
                breaking.add(pod);
            }
        }
        return breaking;
    }

    private static boolean covers(PodDisruptionBudget budget, Pod pod) {
        if (!budget.metadata().namespace().equals(pod.metadata().namespace()) || pod.metadata().labels().isEmpty() || !budget.spec().hasSelector()) {
            return false;
        }
        Selector selector = Selector.of(budget.spec().selector());
        return selector.matches(pod.metadata().labels()) && !budget.status().disruptedPods().containsKey(pod.metadata().name());
    }
}
