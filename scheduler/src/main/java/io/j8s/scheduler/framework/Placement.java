package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Finds the best node for a pod: filters all nodes, scores those that are left, and takes the best (any of them, when several are). Pure but for its random choice; one thread.
///
/// Upstream looks at a sample of the nodes of a large cluster (percentageOfNodesToScore); here a node costs so little that all are looked at, and the choice is the best there is.
///
/// What plugins say that depends on one node alone ([Reach#NODE]) is kept for pods that are alike, and worked out anew only for nodes that have changed since: placing
/// the next of many equal pods costs one comparison for each node, and the real work for the node that the last one went to.
public final class Placement {

    private static final int KEPT_KINDS = 64;

    private final Profile profile;
    private final ClusterState cluster;
    private final Nominations nominations;
    private final RandomGenerator random;
    private final List<FilterPlugin> nodeFilters;
    private final List<FilterPlugin> clusterFilters;
    private final List<Profile.Scorer> nodeScorers;
    private final List<Profile.Scorer> clusterScorers;
    private final Map<PodKind, Answers> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PodKind, Answers> eldest) {
            return size() > KEPT_KINDS;
        }
    };

    /// What came of it.
    public sealed interface Result {
        /// @param feasible how many nodes would have done
        record Chosen(NodeInfo node, int feasible) implements Result {}

        record None(Diagnosis diagnosis) implements Result {}
    }

    private record Named(String plugin, NodeFilter filter) {}

    private record Weighed(NodeScore score, long weight) {}

    public Placement(Profile profile, ClusterState cluster, Nominations nominations, RandomGenerator random) {
        this.profile = profile;
        this.cluster = cluster;
        this.nominations = nominations;
        this.random = random;
        this.nodeFilters = profile.filters().stream().filter(plugin -> plugin.filterReach() == Reach.NODE).toList();
        this.clusterFilters = profile.filters().stream().filter(plugin -> plugin.filterReach() == Reach.CLUSTER).toList();
        this.nodeScorers = profile.scorers().stream().filter(scorer -> scorer.plugin().scoreReach() == Reach.NODE).toList();
        this.clusterScorers = profile.scorers().stream().filter(scorer -> scorer.plugin().scoreReach() == Reach.CLUSTER).toList();
    }

    public Profile profile() {
        return profile;
    }

    /// The best node for the pod as things are.
    public Result find(PodInfo pod) {
        Cycle cycle = new Cycle(pod, cluster);
        List<Named> filters;
        try {
            filters = filters(clusterFilters, cycle);
        } catch (NamedUnschedulable e) {
            Diagnosis diagnosis = new Diagnosis();
            diagnosis.whole(e.plugin, e.reason);
            return new Result.None(diagnosis);
        }
        Answers answers = answers(cycle);
        List<Profile.Scorer> scorers = clusterScorers.stream().filter(scorer -> scorer.plugin().concerns(cycle)).toList();
        Best best = new Best();
        List<NodeInfo> feasible = new ArrayList<>(scorers.isEmpty() ? 0 : cluster.nodes().size());
        boolean kept = filters.isEmpty() && scorers.isEmpty() && nominations.isEmpty();
        for (int index = 0; index < cluster.slots(); index++) {
            long score = answers.scores[index];
            if (score == Answers.REJECTED) {
                continue;
            }
            if (kept) {
                best.offer(index, score);
            } else {
                NodeInfo node = Objects.requireNonNull(cluster.slot(index));
                if (standsAgainst(cycle, filters, node) == null) {
                    if (scorers.isEmpty()) {
                        best.offer(index, score);
                    } else {
                        feasible.add(node);
                    }
                }
            }
        }
        if (!feasible.isEmpty()) {
            offerAll(cycle, scorers, feasible, answers, best);
        }
        NodeInfo chosen = best.offers == 0 ? null : cluster.slot(best.index);
        return chosen == null ? new Result.None(diagnose(cycle, filters, answers)) : new Result.Chosen(chosen, best.offers);
    }

    /// The highest score so far; of equals, each with the same chance.
    private final class Best {
        private int index;
        private long score = Long.MIN_VALUE;
        private int alike;
        private int offers;

        void offer(int other, long itsScore) {
            offers++;
            if (itsScore > score) {
                index = other;
                score = itsScore;
                alike = 1;
            } else if (itsScore == score && random.nextInt(++alike) == 0) {
                index = other;
            }
        }
    }

    private void offerAll(Cycle cycle, List<Profile.Scorer> scorers, List<NodeInfo> feasible, Answers answers, Best best) {
        int count = feasible.size();
        long[] totals = new long[count];
        for (int i = 0; i < count; i++) {
            totals[i] = answers.scores[feasible.get(i).index()];
        }
        long[] scores = new long[count];
        for (Profile.Scorer scorer : scorers) {
            NodeScore score = count == 1 ? null : scorer.plugin().score(cycle, feasible);
            if (score != null) {
                for (int i = 0; i < count; i++) {
                    scores[i] = score.of(feasible.get(i));
                }
                score.normalize(scores, count);
                for (int i = 0; i < count; i++) {
                    totals[i] += scores[i] * scorer.weight();
                }
            }
        }
        for (int i = 0; i < count; i++) {
            best.offer(feasible.get(i).index(), totals[i]);
        }
    }

    private Diagnosis.@Nullable Verdict standsAgainst(Cycle cycle, List<Named> filters, NodeInfo node) {
        Diagnosis.Verdict verdict = ask(filters, node);
        return verdict == null && nominations.onNode(node.name()) ? withNominated(cycle, node) : verdict;
    }

    private Diagnosis diagnose(Cycle cycle, List<Named> filters, Answers answers) {
        Diagnosis diagnosis = new Diagnosis();
        for (NodeInfo node : cluster.nodes()) {
            Diagnosis.Verdict kept = answers.verdicts[node.index()];
            Diagnosis.Verdict verdict = kept == null ? standsAgainst(cycle, filters, node) : kept;
            if (verdict != null) {
                diagnosis.add(node.name(), verdict.plugin(), verdict.rejection());
            }
        }
        return diagnosis;
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

    private <R> R assumingAll(List<PodInfo> pods, NodeInfo node, int from, Supplier<R> action) {
        return from == pods.size()
                ? action.get()
                : cluster.assuming(pods.get(from), node, true, () -> assumingAll(pods, node, from + 1, action));
    }

    /// What stands against one node as things are now, nothing kept; null when nothing does.
    public Diagnosis.@Nullable Verdict verdict(PodInfo pod, NodeInfo node) {
        Cycle cycle = new Cycle(pod, cluster);
        try {
            return ask(filters(profile.filters(), cycle), node);
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

    private static List<Named> filters(List<FilterPlugin> plugins, Cycle cycle) {
        List<Named> filters = new ArrayList<>();
        for (FilterPlugin plugin : plugins) {
            try {
                NodeFilter filter = plugin.filter(cycle);
                if (filter != null) {
                    filters.add(new Named(plugin.name(), filter));
                }
            } catch (Unschedulable e) {
                throw new NamedUnschedulable(plugin.name(), e.reason());
            }
        }
        return filters;
    }

    /// What the node-only plugins said for one kind of pod, by node index, and of which version of the node.
    private static final class Answers {
        /// The score where a plugin has something against the node, or where there is none.
        static final long REJECTED = Long.MIN_VALUE;
        long[] versions = new long[0];
        Diagnosis.@Nullable Verdict[] verdicts = new Diagnosis.Verdict[0];
        long[] scores = new long[0];

        void grow(int size) {
            versions = Arrays.copyOf(versions, size);
            verdicts = Arrays.copyOf(verdicts, size);
            int before = scores.length;
            scores = Arrays.copyOf(scores, size);
            Arrays.fill(scores, before, size, REJECTED);
        }
    }

    private Answers answers(Cycle cycle) {
        Answers answers = kept.computeIfAbsent(PodKind.of(cycle.pod()), kind -> new Answers());
        if (answers.versions.length < cluster.slots()) {
            answers.grow(cluster.slots());
        }
        List<Named> filters = Collections.emptyList();
        List<Weighed> scores = Collections.emptyList();
        boolean asked = false;
        for (int index = 0; index < cluster.slots(); index++) {
            if (cluster.version(index) == answers.versions[index]) {
                continue;
            }
            if (!asked) {
                filters = filters(nodeFilters, cycle);
                scores = scores(cycle);
                asked = true;
            }
            NodeInfo node = cluster.slot(index);
            Diagnosis.Verdict verdict = node == null ? null : ask(filters, node);
            answers.versions[index] = cluster.version(index);
            answers.verdicts[index] = verdict;
            answers.scores[index] = node == null || verdict != null ? Answers.REJECTED : total(scores, node);
        }
        return answers;
    }

    private List<Weighed> scores(Cycle cycle) {
        List<Weighed> scores = new ArrayList<>();
        for (Profile.Scorer scorer : nodeScorers) {
            NodeScore score = scorer.plugin().concerns(cycle) ? scorer.plugin().score(cycle, List.of()) : null;
            if (score != null) {
                scores.add(new Weighed(score, scorer.weight()));
            }
        }
        return scores;
    }

    private static long total(List<Weighed> scores, NodeInfo node) {
        long total = 0;
        for (Weighed weighed : scores) {
            total += weighed.score.of(node) * weighed.weight;
        }
        return total;
    }
}
