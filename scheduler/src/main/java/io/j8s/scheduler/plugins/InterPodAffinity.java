package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.Pod;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.NodeScore;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.ScorePlugin;
import io.j8s.scheduler.framework.Traits;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.AffinityTerm;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PlaceCounts;
import io.j8s.scheduler.state.PodInfo;
import io.j8s.scheduler.state.Topology;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Pods that want to be near others, or away from them, by the places that a node label names.
///
/// All questions are answered from counts by place that the cluster state keeps up to date: a node costs one look-up for each term.
final class InterPodAffinity implements FilterPlugin, ScorePlugin, WakeUpPlugin {

    private static final Set<ClusterEvent.Kind> EVENTS = EnumSet.of(
            ClusterEvent.Kind.ASSIGNED_POD_ADDED, ClusterEvent.Kind.ASSIGNED_POD_CHANGED, ClusterEvent.Kind.ASSIGNED_POD_DELETED, ClusterEvent.Kind.NODE_ADDED, ClusterEvent.Kind.NODE_LABELS, ClusterEvent.Kind.NAMESPACE_LABELS);
    private static final Rejection KEPT_AWAY = Rejection.resolvable("node(s) didn't satisfy existing pods anti-affinity rules");
    private static final Rejection TOO_FAR = Rejection.unresolvable("node(s) didn't match pod affinity rules");
    private static final Rejection TOO_NEAR = Rejection.resolvable("node(s) didn't match pod anti-affinity rules");

    private final int hardPodAffinityWeight;
    private final boolean ignorePreferredTermsOfExistingPods;

    InterPodAffinity(int hardPodAffinityWeight, boolean ignorePreferredTermsOfExistingPods) {
        this.hardPodAffinityWeight = hardPodAffinityWeight;
        this.ignorePreferredTermsOfExistingPods = ignorePreferredTermsOfExistingPods;
    }

    @Override
    public String name() {
        return "InterPodAffinity";
    }

    @Override
    public @Nullable NodeFilter filter(Cycle cycle) {
        ClusterState cluster = cycle.cluster();
        PodInfo pod = cycle.pod();
        List<PlaceCounts> keepAway = new ArrayList<>(0);
        cluster.antiAffinityOwners().forEach((term, owners) -> {
            if (cluster.isAbout(term, pod)) {
                keepAway.add(owners);
            }
        });
        List<PlaceCounts> avoided = pod.requiredAntiAffinity().stream().map(cluster::matching).toList();
        List<PlaceCounts> wanted = pod.requiredAffinity().stream().map(term -> cluster.matchingAll(pod.requiredAffinity(), term.topologyKey())).toList();
        if (keepAway.isEmpty() && avoided.isEmpty() && wanted.isEmpty()) {
            return null;
        }
        boolean first = !wanted.isEmpty()
                && wanted.stream().allMatch(counts -> counts.total() == 0)
                && pod.requiredAffinity().stream().allMatch(term -> cluster.isAbout(term, pod));
        return new Distance(keepAway, avoided, wanted, first);
    }

    private record Distance(List<PlaceCounts> keepAway, List<PlaceCounts> avoided, List<PlaceCounts> wanted, boolean first) implements NodeFilter {
        @Override
        public @Nullable Rejection reject(NodeInfo node) {
            if (!near(node, wanted, first)) {
                return TOO_FAR;
            }
            return any(node, avoided) ? TOO_NEAR : any(node, keepAway) ? KEPT_AWAY : null;
        }

        @Override
        public Object shape() {
            return List.of(identities(keepAway), identities(avoided), identities(wanted));
        }

        @Override
        public void describe(NodeInfo node, Traits traits) {
            describeAll(keepAway, node, traits);
            describeAll(avoided, node, traits);
            describeAll(wanted, node, traits);
        }

        private static void describeAll(List<PlaceCounts> all, NodeInfo node, Traits traits) {
            for (int i = 0; i < all.size(); i++) {
                int place = all.get(i).topology().of(node);
                boolean alone = all.get(i).topology().oneNodeEach();
                traits.add(place == Topology.NONE ? Topology.NONE : !alone ? place : all.get(i).at(node) > 0 ? 1 : 0);
            }
        }
    }

    /// Counts are the same only if they are one object, and are noted in one way.
    private record Identity(PlaceCounts counts, boolean oneNodeEach) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Identity that && counts == that.counts && oneNodeEach == that.oneNodeEach;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(counts);
        }
    }

    private static List<Identity> identities(List<PlaceCounts> all) {
        return all.stream().map(counts -> new Identity(counts, counts.topology().oneNodeEach())).toList();
    }

    /// Whether every term is met at the node's place. The first of pods that want to be with their like may go anywhere that has the labels.
    private static boolean near(NodeInfo node, List<PlaceCounts> wanted, boolean first) {
        for (PlaceCounts counts : wanted) {
            if (counts.topology().of(node) == Topology.NONE || (!first && counts.at(node) <= 0)) {
                return false;
            }
        }
        return true;
    }

    private static boolean any(NodeInfo node, List<PlaceCounts> all) {
        for (PlaceCounts counts : all) {
            if (counts.at(node) > 0) {
                return true;
            }
        }
        return false;
    }

    private record Weighted(PlaceCounts counts, long weight) {}

    @Override
    public boolean concerns(Cycle cycle) {
        return !cycle.pod().preferences().isEmpty() || !cycle.cluster().preferenceOwners().isEmpty() || !cycle.cluster().affinityOwners().isEmpty();
    }

    @Override
    public @Nullable NodeScore score(Cycle cycle) {
        ClusterState cluster = cycle.cluster();
        PodInfo pod = cycle.pod();
        List<Weighted> all = new ArrayList<>(0);
        pod.preferences().forEach(preference -> all.add(new Weighted(cluster.matching(preference.term()), preference.weight())));
        if (!ignorePreferredTermsOfExistingPods || !pod.preferences().isEmpty()) {
            cluster.preferenceOwners().forEach((term, weights) -> addIfAbout(cluster, term, pod, new Weighted(weights, 1), all));
        }
        if (hardPodAffinityWeight > 0) {
            cluster.affinityOwners().forEach((term, owners) -> addIfAbout(cluster, term, pod, new Weighted(owners, hardPodAffinityWeight), all));
        }
        return all.isEmpty() ? null : new Preference(all);
    }

    private static void addIfAbout(ClusterState cluster, AffinityTerm term, PodInfo pod, Weighted weighted, List<Weighted> all) {
        if (cluster.isAbout(term, pod)) {
            all.add(weighted);
        }
    }

    private record Preference(List<Weighted> all) implements NodeScore {
        @Override
        public Object shape() {
            return all.stream().map(weighted -> List.of(new Identity(weighted.counts, weighted.counts.topology().oneNodeEach()), weighted.weight)).toList();
        }

        @Override
        public void describe(NodeInfo node, Traits traits) {
            for (Weighted weighted : all) {
                traits.add(weighted.counts.topology().oneNodeEach() ? weighted.counts.at(node) : weighted.counts.topology().of(node));
            }
        }

        @Override
        public long of(NodeInfo node) {
            long sum = 0;
            for (Weighted weighted : all) {
                sum += weighted.counts.at(node) * weighted.weight;
            }
            return sum;
        }

        @Override
        public void normalize(long[] scores, int count) {
            long least = Long.MAX_VALUE;
            long most = Long.MIN_VALUE;
            for (int i = 0; i < count; i++) {
                least = Math.min(least, scores[i]);
                most = Math.max(most, scores[i]);
            }
            for (int i = 0; i < count; i++) {
                scores[i] = most > least ? HIGHEST * (scores[i] - least) / (most - least) : 0;
            }
        }
    }

    @Override
    public Set<ClusterEvent.Kind> events() {
        return EVENTS;
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        Pod changed = event.after() instanceof Pod after ? after : event.before() instanceof Pod before ? before : null;
        if (changed == null) {
            return true;
        }
        PodInfo other = new PodInfo(changed);
        return pod.requiredAffinity().stream().anyMatch(term -> term.mayBeAbout(other))
                || (event.kind() != ClusterEvent.Kind.ASSIGNED_POD_ADDED
                        && (pod.requiredAntiAffinity().stream().anyMatch(term -> event.kind() == ClusterEvent.Kind.ASSIGNED_POD_CHANGED || term.mayBeAbout(other))
                                || other.requiredAntiAffinity().stream().anyMatch(term -> term.mayBeAbout(pod))));
    }
}
