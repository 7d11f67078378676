package io.j8s.scheduler;

import io.j8s.model.core.v1.Pod;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import io.j8s.model.selector.Selector;
import io.j8s.scheduler.framework.Diagnosis;
import io.j8s.scheduler.framework.Placement;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Chooses pods of a lower priority that have to go so that a pod fits (the plugin DefaultPreemption). Pure: it only decides.
///
/// For each node on which it could help, all pods of a lower priority are taken away in thought; if the pod then fits, as many as possible are put back, those whose disruption budgets
/// would be broken first, then the greater ones. Of the nodes, the one is taken that breaks the fewest budgets, then has the least of greatest victims, the least sum of priorities, the
/// fewest victims, and the youngest of greatest victims.
final class Preemption {

    private static final int REMEMBERED = 16;
    private static final Rejection NO_VICTIMS = Rejection.unresolvable("No preemption victims found for incoming pod");
    private static final Rejection NO_HELP = Rejection.unresolvable("Preemption is not helpful for scheduling");
    /// The greater come first; of equals the older.
    private static final Comparator<PodInfo> IMPORTANCE = Comparator.<PodInfo>comparingInt(pod -> -pod.priority()).thenComparing(PodInfo::since).thenComparing(PodInfo::uid);

    private final ClusterState cluster;
    private final Supplier<List<PodDisruptionBudget>> budgets;
    private final RandomGenerator random;
    private final long leastCandidates;
    private final long leastPercentage;
    /// For pods whose victims depend on nothing but the node: what came of each, by the node's index.
    private final Map<Alike, Map<Integer, Tried>> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Alike, Map<Integer, Tried>> eldest) {
            return size() > REMEMBERED;
        }
    };

    /// A node, and the pods that have to go from it, the greatest first.
    record Choice(NodeInfo node, List<PodInfo> victims, int budgetsBroken) {}

    /// @param refused why other nodes would not do, with how many there are of each
    record Found(List<Choice> choices, Map<String, Integer> refused) {}

    /// Pods of one kind and priority, for which the same pods would go.
    private record Alike(Object kind, int priority) {}

    /// What came of trying a node, as long as it is as it was then.
    private record Tried(NodeInfo node, long version, List<PodInfo> promised, Object outcome) {}

    /// A budget with what it selects by.
    private record Guard(PodDisruptionBudget budget, Selector selector) {}

    /// @param leastCandidates at least so many nodes are looked for (`minCandidateNodesAbsolute`)
    /// @param leastPercentage and at least this share (`minCandidateNodesPercentage`)
    Preemption(ClusterState cluster, Supplier<List<PodDisruptionBudget>> budgets, RandomGenerator random, long leastCandidates, long leastPercentage) {
        this.cluster = cluster;
        this.budgets = budgets;
        this.random = random;
        this.leastCandidates = leastCandidates;
        this.leastPercentage = leastPercentage;
    }

    /// Why a pod may not make others go now: its policy forbids it, or pods that it made go are still ending on its node. Null when it may.
    @Nullable String forbidden(PodInfo pod, String nominatedNode, Diagnosis diagnosis) {
        if (pod.pod().spec().preemptionPolicy().equals("Never")) {
            return "not eligible due to preemptionPolicy=Never.";
        }
        NodeInfo node = nominatedNode.isEmpty() ? null : cluster.node(nominatedNode);
        if (node == null || unresolvable(node, diagnosis)) {
            return null;
        }
        boolean ending = node.pods().values().stream().anyMatch(other -> other.priority() < pod.priority() && other.ending() && preempted(other.pod()));
        return ending ? "not eligible due to a terminating pod on the nominated node." : null;
    }

    private static boolean unresolvable(NodeInfo node, Diagnosis diagnosis) {
        boolean[] found = new boolean[1];
        diagnosis.each((one, verdict) -> found[0] |= one == node && !verdict.rejection().resolvable());
        return found[0];
    }

    private static boolean preempted(Pod pod) {
        return pod.status().conditions().stream().anyMatch(one -> one.type().equals("DisruptionTarget") && one.status().equals("True") && one.reason().equals("PreemptionByScheduler"));
    }

    /// The best choice for a pod that fits nowhere; null when nothing helps.
    @Nullable Choice choose(Placement placement, PodInfo pod, Diagnosis diagnosis) {
        return best(find(placement, pod, diagnosis).choices);
    }

    static @Nullable Choice best(List<Choice> choices) {
        return choices.stream().min(PREFERENCE).orElse(null);
    }

    /// Nodes on which it would help.
    Found find(Placement placement, PodInfo pod, Diagnosis diagnosis) {
        List<NodeInfo> nodes = new ArrayList<>();
        if (diagnosis.resolvableAnywhere()) {
            nodes.addAll(cluster.nodes());
        } else {
            diagnosis.each((node, verdict) -> {
                if (verdict.rejection().resolvable()) {
                    nodes.add(node);
                }
            });
        }
        Map<String, Integer> refused = new TreeMap<>();
        count(refused, NO_HELP, cluster.nodes().size() - nodes.size());
        if (nodes.isEmpty()) {
            return new Found(List.of(), refused);
        }
        long enough = Math.min(nodes.size(), Math.max(leastCandidates, nodes.size() * leastPercentage / 100));
        int start = random.nextInt(nodes.size());
        List<Choice> choices = new ArrayList<>();
        boolean harmless = false;
        List<Guard> guards = budgets.get().stream().filter(budget -> budget.spec().hasSelector()).map(budget -> new Guard(budget, Selector.of(budget.spec().selector()))).toList();
        Trial trial = new Trial(placement, pod, guards);
        for (int i = 0; i < nodes.size() && !(harmless && choices.size() >= enough); i++) {
            Object outcome = trial.on(nodes.get((start + i) % nodes.size()));
            if (outcome instanceof Choice choice) {
                choices.add(choice);
                harmless |= choice.budgetsBroken == 0;
            } else if (outcome instanceof Rejection rejection) {
                count(refused, rejection, 1);
            }
        }
        return new Found(choices, refused);
    }

    private static void count(Map<String, Integer> refused, Rejection rejection, int nodes) {
        if (nodes > 0) {
            for (String reason : rejection.reason().split("\n")) {
                refused.merge(reason, nodes, Integer::sum);
            }
        }
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

    /// Trying one pod on nodes. Where only the node itself matters, a copy of it is changed; otherwise the cluster is, and changed back.
    private final class Trial {
        private final Placement placement;
        private final PodInfo pod;
        private final List<Guard> guards;
        private final @Nullable Function<NodeInfo, Diagnosis.@Nullable Verdict> apart;
        private final Map<Integer, Tried> memory;

        Trial(Placement placement, PodInfo pod, List<Guard> guards) {
            this.placement = placement;
            this.pod = pod;
            this.guards = guards;
            this.apart = placement.askingApart(pod);
            this.memory = remembered.computeIfAbsent(new Alike(placement.kind(pod), pod.priority()), k -> new HashMap<>());
        }

        /// A [Choice], or the [Rejection] that stands whatever pods go.
        Object on(NodeInfo node) {
            List<PodInfo> promised = placement.promised(pod, node);
            if (apart == null || !guards.isEmpty() || promised.stream().anyMatch(PodInfo::reachesBeyondItsNode)) {
                return tried(node, promised);
            }
            Tried known = memory.get(node.index());
            if (known == null || known.node != node || known.version != cluster.version(node.index()) || !known.promised.equals(promised)) {
                known = new Tried(node, cluster.version(node.index()), promised, tried(node, promised));
                memory.put(node.index(), known);
            }
            return known.outcome;
        }

        private Object tried(NodeInfo node, List<PodInfo> promised) {
            List<PodInfo> lower = new ArrayList<>();
            for (PodInfo other : node.pods().values()) {
                if (other.priority() < pod.priority()) {
                    lower.add(other);
                }
            }
            if (lower.isEmpty()) {
                return NO_VICTIMS;
            }
            lower.sort(IMPORTANCE);
            Function<NodeInfo, Diagnosis.@Nullable Verdict> asking = apart;
            return asking == null || promised.stream().anyMatch(PodInfo::reachesBeyondItsNode) ? inTheCluster(node, lower) : onACopy(node.apart(), node, lower, promised, asking);
        }

        private Object onACopy(NodeInfo copy, NodeInfo node, List<PodInfo> lower, List<PodInfo> promised, Function<NodeInfo, Diagnosis.@Nullable Verdict> asking) {
            lower.forEach(copy::removeApart);
            promised.forEach(copy::addApart);
            Diagnosis.Verdict verdict = asking.apply(copy);
            if (verdict != null) {
                return verdict.rejection();
            }
            return choice(node, lower, candidate -> {
                copy.addApart(candidate);
                boolean stays = asking.apply(copy) == null;
                if (!stays) {
                    copy.removeApart(candidate);
                }
                return stays;
            });
        }

        private Object inTheCluster(NodeInfo node, List<PodInfo> lower) {
            lower.forEach(victim -> cluster.remove(victim.uid()));
            try {
                Diagnosis.Verdict verdict = placement.verdictWithPromised(pod, node);
                if (verdict != null) {
                    return verdict.rejection();
                }
                return choice(node, lower, candidate -> {
                    cluster.put(candidate, node.name());
                    boolean stays = placement.verdictWithPromised(pod, node) == null;
                    if (!stays) {
                        cluster.remove(candidate.uid());
                    }
                    return stays;
                });
            } finally {
                lower.stream().filter(candidate -> cluster.pod(candidate.uid()) == null).forEach(candidate -> cluster.put(candidate, node.name()));
            }
        }

        private Object choice(NodeInfo node, List<PodInfo> lower, Function<PodInfo, Boolean> putBack) {
            Set<PodInfo> guarded = guards.isEmpty() ? Set.of() : breaking(lower, guards);
            List<PodInfo> order = new ArrayList<>(lower.size());
            lower.stream().filter(guarded::contains).forEach(order::add);
            lower.stream().filter(candidate -> !guarded.contains(candidate)).forEach(order::add);
            List<PodInfo> victims = new ArrayList<>();
            int broken = 0;
            for (PodInfo candidate : order) {
                if (!putBack.apply(candidate)) {
                    victims.add(candidate);
                    broken += guarded.contains(candidate) ? 1 : 0;
                }
            }
            victims.sort(IMPORTANCE);
            return victims.isEmpty() ? NO_VICTIMS : new Choice(node, List.copyOf(victims), broken);
        }
    }

    /// Those whose going would break a budget, if they went in this order.
    private static Set<PodInfo> breaking(List<PodInfo> pods, List<Guard> guards) {
        int[] left = guards.stream().mapToInt(guard -> guard.budget.status().disruptionsAllowed()).toArray();
        Set<PodInfo> breaking = new HashSet<>();
        for (PodInfo pod : pods) {
            for (int i = 0; i < left.length; i++) {
                if (covers(guards.get(i), pod.pod()) && --left[i] < 0) {
                    breaking.add(pod);
                }
            }
        }
        return breaking;
    }

    private static boolean covers(Guard guard, Pod pod) {
        return guard.budget.metadata().namespace().equals(pod.metadata().namespace())
                && !pod.metadata().labels().isEmpty()
                && !guard.selector.selectsEverything()
                && guard.selector.matches(pod.metadata().labels())
                && !guard.budget.status().disruptedPods().containsKey(pod.metadata().name());
    }
}
