package io.j8s.scheduler.framework;

import io.j8s.model.Struct;
import io.j8s.model.core.v1.Toleration;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Finds the best node for a pod: filters all nodes, scores those that are left, and takes the best (any of them, when several are). Pure but for its random choice; one thread.
///
/// Upstream looks at a sample of the nodes of a large cluster (percentageOfNodesToScore); here a node costs so little that all are looked at, and the choice is the best there is.
///
/// What filters say that depends on the node object alone is kept for pods of one kind (equal selector, affinity, tolerations) and used again until a node changes.
public final class Placement {

    private static final int KEPT_KINDS = 64;

    private final Profile profile;
    private final ClusterState cluster;
    private final Nominations nominations;
    private final RandomGenerator random;
    private final Map<Kind, Kept> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Kind, Kept> eldest) {
            return size() > KEPT_KINDS;
        }
    };

    /// What the node-only filters look at in a pod.
    private record Kind(String nodeName, Map<String, String> nodeSelector, Struct nodeAffinity, List<Toleration> tolerations) {
        static Kind of(PodInfo pod) {
            var spec = pod.pod().spec();
            return new Kind(spec.nodeName(), spec.nodeSelector(), spec.affinity().nodeAffinity(), spec.tolerations());
        }
    }

    /// Verdicts by node index, as of a generation of nodes.
    private record Kept(long generation, List<Diagnosis.@Nullable Verdict> verdicts) {}

    /// What came of it.
    public sealed interface Result {
        /// @param feasible how many nodes would have done
        record Chosen(NodeInfo node, int feasible) implements Result {}

        record None(Diagnosis diagnosis) implements Result {}
    }

    private record Named(String plugin, NodeFilter filter) {}

    public Placement(Profile profile, ClusterState cluster, Nominations nominations, RandomGenerator random) {
        this.profile = profile;
        this.cluster = cluster;
        this.nominations = nominations;
        this.random = random;
    }

    public Profile profile() {
        return profile;
    }

    /// The best node for the pod as things are.
    public Result find(PodInfo pod) {
        Cycle cycle = new Cycle(pod, cluster);
        Diagnosis diagnosis = new Diagnosis();
        List<NodeInfo> feasible = feasible(cycle, diagnosis);
        return switch (feasible.size()) {
            case 0 -> new Result.None(diagnosis);
            case 1 -> new Result.Chosen(feasible.getFirst(), 1);
            default -> new Result.Chosen(best(cycle, feasible), feasible.size());
        };
    }

    private List<NodeInfo> feasible(Cycle cycle, Diagnosis diagnosis) {
        List<NodeInfo> feasible = new ArrayList<>();
        List<Named> filters;
        try {
            filters = filters(cycle, false);
        } catch (NamedUnschedulable e) {
            diagnosis.whole(e.plugin, e.reason);
            return feasible;
        }
        List<Diagnosis.@Nullable Verdict> byNodeAlone = byNodeAlone(cycle);
        for (NodeInfo node : cluster.nodes()) {
            Diagnosis.Verdict verdict = byNodeAlone.get(node.index());
            if (verdict == null) {
                verdict = ask(filters, node);
            }
            if (verdict == null && nominations.onNode(node.name())) {
                verdict = withNominated(cycle, node);
            }
            if (verdict == null) {
                feasible.add(node);
            } else {
                diagnosis.add(node.name(), verdict.plugin(), verdict.rejection());
            }
        }
        return feasible;
    }

    private static Diagnosis.@Nullable Verdict ask(List<Named> filters, NodeInfo node) {
        for (Named named : filters) {
            Rejection rejection = named.filter.reject(node);
            if (rejection != null) {
                return new Diagnosis.Verdict(named.plugin, rejection);
            }
        }
        return null;
    }

    /// The room that pods of the same or a higher priority were promised is not given away.
    private Diagnosis.@Nullable Verdict withNominated(Cycle cycle, NodeInfo node) {
        List<PodInfo> promised = nominations.before(cycle.pod(), node.name());
        return promised.isEmpty() ? null : assumingAll(promised, node, 0, () -> verdict(cycle.pod(), node));
    }

    private <R> R assumingAll(List<PodInfo> pods, NodeInfo node, int from, java.util.function.Supplier<R> action) {
        return from == pods.size()
                ? action.get()
                : cluster.assuming(pods.get(from), node, true, () -> assumingAll(pods, node, from + 1, action));
    }

    /// What stands against one node as things are now (counts are taken anew); null when nothing does.
    public Diagnosis.@Nullable Verdict verdict(PodInfo pod, NodeInfo node) {
        Cycle cycle = new Cycle(pod, cluster);
        try {
            return ask(filters(cycle, true), node);
        } catch (NamedUnschedulable e) {
            return new Diagnosis.Verdict(e.plugin, Rejection.unresolvable(e.reason));
        }
    }

    private static final class NamedUnschedulable extends RuntimeException {
        private static final long serialVersionUID = 1;
        final String plugin;
        final String reason;

        NamedUnschedulable(String plugin, String reason) {
            super(reason, null, false, false);
            this.plugin = plugin;
            this.reason = reason;
        }
    }

    private List<Named> filters(Cycle cycle, boolean all) {
        List<Named> filters = new ArrayList<>();
        for (FilterPlugin plugin : profile.filters()) {
            if (all || !plugin.staysWithNode()) {
                try {
                    NodeFilter filter = plugin.filter(cycle);
                    if (filter != null) {
                        filters.add(new Named(plugin.name(), filter));
                    }
                } catch (Unschedulable e) {
                    throw new NamedUnschedulable(plugin.name(), e.reason());
                }
            }
        }
        return filters;
    }

    private List<Diagnosis.@Nullable Verdict> byNodeAlone(Cycle cycle) {
        Kind kind = Kind.of(cycle.pod());
        Kept known = kept.get(kind);
        if (known != null && known.generation == cluster.nodeGeneration()) {
            return known.verdicts;
        }
        List<Named> filters = new ArrayList<>();
        for (FilterPlugin plugin : profile.filters()) {
            NodeFilter filter = plugin.staysWithNode() ? plugin.filter(cycle) : null;
            if (filter != null) {
                filters.add(new Named(plugin.name(), filter));
            }
        }
        List<Diagnosis.@Nullable Verdict> verdicts = new ArrayList<>(java.util.Collections.nCopies(cluster.slots(), null));
        for (NodeInfo node : cluster.nodes()) {
            verdicts.set(node.index(), ask(filters, node));
        }
        kept.put(kind, new Kept(cluster.nodeGeneration(), verdicts));
        return verdicts;
    }

    private NodeInfo best(Cycle cycle, List<NodeInfo> feasible) {
        int count = feasible.size();
        long[] totals = new long[count];
        long[] scores = new long[count];
        for (Profile.Scorer scorer : profile.scorers()) {
            NodeScore score = scorer.plugin().score(cycle, feasible);
            if (score == null) {
                continue;
            }
            for (int i = 0; i < count; i++) {
                scores[i] = score.of(feasible.get(i));
            }
            score.normalize(scores, count);
            for (int i = 0; i < count; i++) {
                totals[i] += scores[i] * scorer.weight();
            }
        }
        return feasible.get(anyOfTheHighest(totals));
    }

    private int anyOfTheHighest(long[] totals) {
        int chosen = 0;
        int alike = 1;
        for (int i = 1; i < totals.length; i++) {
            if (totals[i] > totals[chosen]) {
                chosen = i;
                alike = 1;
            } else if (totals[i] == totals[chosen] && random.nextInt(++alike) == 0) {
                chosen = i;
            }
        }
        return chosen;
    }
}
