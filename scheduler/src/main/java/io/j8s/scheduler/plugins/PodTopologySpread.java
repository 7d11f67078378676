package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.TopologySpreadConstraint;
import io.j8s.model.selector.Selector;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.NodeScore;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.ScorePlugin;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.NodeCounts;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import io.j8s.scheduler.state.PodSelection;
import io.j8s.scheduler.state.Topology;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pods spread over places: constraints that must hold rule nodes out, the others lower the score of fuller places (KEP-895, KEP-1258 for the defaults,
/// KEP-3022 for minDomains, KEP-3094 for the node policies).
///
/// How many pods of a selection each node holds is kept by the cluster state; each decision adds that up by place in one walk over the nodes.
final class PodTopologySpread implements FilterPlugin, ScorePlugin, WakeUpPlugin {

    private static final String UNMET = "node(s) didn't match pod topology spread constraints";
    private static final Rejection SKEWED = Rejection.resolvable(UNMET);
    private static final Rejection NO_LABEL = Rejection.unresolvable(UNMET + " (missing required label)");
    private static final String HOSTNAME = "kubernetes.io/hostname";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final long IGNORED = -1;

    private final @Nullable List<TopologySpreadConstraint> profileDefaults;
    private final OwnerSelectors owners;

    /// @param profileDefaults the constraints for pods that have none; null: those of the system (hosts with skew 3 and zones with skew 5, soft)
    PodTopologySpread(@Nullable List<TopologySpreadConstraint> profileDefaults, OwnerSelectors owners) {
        this.profileDefaults = profileDefaults;
        this.owners = owners;
    }

    @Override
    public String name() {
        return "PodTopologySpread";
    }

    private List<SpreadConstraint> constraints(Pod pod, boolean required) {
        List<SpreadConstraint> own = pod.spec().topologySpreadConstraints().stream().map(constraint -> SpreadConstraint.of(pod, constraint)).toList();
        List<SpreadConstraint> all = pod.spec().topologySpreadConstraints().isEmpty() ? defaults(pod) : own;
        return all.stream().filter(constraint -> constraint.required() == required).toList();
    }

    private List<SpreadConstraint> defaults(Pod pod) {
        if (profileDefaults != null && profileDefaults.isEmpty()) {
            return List.of();
        }
        Selector fellows = owners.of(pod);
        if (fellows.selectsNothing() || fellows.selectsEverything()) {
            return List.of();
        }
        if (profileDefaults == null) {
            return List.of(
                    new SpreadConstraint(HOSTNAME, 3, 0, false, true, false, fellows),
                    new SpreadConstraint(ZONE, 5, 0, false, true, false, fellows));
        }
        return profileDefaults.stream().map(constraint -> new SpreadConstraint(
                constraint.topologyKey(), constraint.maxSkew(), 0, constraint.whenUnsatisfiable().equals("DoNotSchedule"), true, false, fellows)).toList();
    }

    /// Counts by place for one constraint.
    private static final class Places {
        final SpreadConstraint constraint;
        final Topology topology;
        final NodeCounts perNode;
        final long[] counts;
        final BitSet present = new BitSet();
        final boolean self;

        Places(SpreadConstraint constraint, Cycle cycle) {
            this.constraint = constraint;
            this.topology = cycle.cluster().topology(constraint.topologyKey());
            this.perNode = cycle.cluster().matching(new PodSelection(cycle.pod().namespace(), constraint.selector()));
            this.counts = new long[topology.size()];
            this.self = constraint.selector().matches(cycle.pod().labels());
        }

        void add(NodeInfo node) {
            int place = topology.of(node);
            present.set(place);
            counts[place] += perNode.at(node);
        }

        long least() {
            if (present.cardinality() < constraint.minDomains()) {
                return 0;
            }
            long least = Long.MAX_VALUE;
            for (int place = present.nextSetBit(0); place >= 0; place = present.nextSetBit(place + 1)) {
                least = Math.min(least, counts[place]);
            }
            return least == Long.MAX_VALUE ? 0 : least;
        }
    }

    private static boolean hasAll(NodeInfo node, List<Places> all) {
        for (Places places : all) {
            if (places.topology.of(node) == Topology.NONE) {
                return false;
            }
        }
        return true;
    }

    @Override
    public @Nullable NodeFilter filter(Cycle cycle) {
        List<SpreadConstraint> constraints = constraints(cycle.pod().pod(), true);
        return constraints.isEmpty() ? null : new Skew(constraints, cycle);
    }

    /// The filter: counts are taken when it is made, so a preemption that takes pods away in thought asks for a new one.
    private static final class Skew implements NodeFilter {
        private final List<Places> all;
        private final long[] least;

        Skew(List<SpreadConstraint> constraints, Cycle cycle) {
            this.all = constraints.stream().map(constraint -> new Places(constraint, cycle)).toList();
            Pod pod = cycle.pod().pod();
            NodeTerms demanded = NodeTerms.required(pod);
            for (NodeInfo node : cycle.cluster().nodes()) {
                if (hasAll(node, all)) {
                    for (Places places : all) {
                        if (places.constraint.takesPart(node, pod, demanded)) {
                            places.add(node);
                        }
                    }
                }
            }
            this.least = all.stream().mapToLong(Places::least).toArray();
        }

        @Override
        public @Nullable Rejection reject(NodeInfo node) {
            for (int i = 0; i < all.size(); i++) {
                Places places = all.get(i);
                int place = places.topology.of(node);
                if (place == Topology.NONE) {
                    return NO_LABEL;
                }
                long skew = places.counts[place] + (places.self ? 1 : 0) - least[i];
                if (skew > places.constraint.maxSkew()) {
                    return SKEWED;
                }
            }
            return null;
        }
    }

    @Override
    public boolean concerns(Cycle cycle) {
        return !constraints(cycle.pod().pod(), false).isEmpty();
    }

    @Override
    public @Nullable NodeScore score(Cycle cycle, List<NodeInfo> feasible) {
        Pod pod = cycle.pod().pod();
        List<SpreadConstraint> constraints = constraints(pod, false);
        if (constraints.isEmpty()) {
            return null;
        }
        boolean systemDefaults = pod.spec().topologySpreadConstraints().isEmpty() && profileDefaults == null;
        return new Evenness(constraints, cycle, feasible, !systemDefaults);
    }

    /// The score: fewer fellows at the node's places is better, weighed by how many places there are.
    private static final class Evenness implements NodeScore {
        private final List<Places> all;
        private final double[] weights;
        private final boolean needsAll;

        Evenness(List<SpreadConstraint> constraints, Cycle cycle, List<NodeInfo> feasible, boolean needsAll) {
            this.needsAll = needsAll;
            this.all = constraints.stream().map(constraint -> new Places(constraint, cycle)).toList();
            this.weights = new double[all.size()];
            int candidates = 0;
            for (NodeInfo node : feasible) {
                if (!needsAll || hasAll(node, all)) {
                    candidates++;
                    all.forEach(places -> mark(places, node));
                }
            }
            for (int i = 0; i < weights.length; i++) {
                boolean hosts = all.get(i).constraint.topologyKey().equals(HOSTNAME);
                weights[i] = Math.log((hosts ? candidates : all.get(i).present.cardinality()) + 2.0);
            }
            countFellows(cycle);
        }

        private static void mark(Places places, NodeInfo node) {
            int place = places.topology.of(node);
            if (place != Topology.NONE) {
                places.present.set(place);
            }
        }

        private void countFellows(Cycle cycle) {
            Pod pod = cycle.pod().pod();
            NodeTerms demanded = NodeTerms.required(pod);
            for (NodeInfo node : cycle.cluster().nodes()) {
                if (needsAll && !hasAll(node, all)) {
                    continue;
                }
                for (Places places : all) {
                    int place = places.topology.of(node);
                    if (place != Topology.NONE && places.present.get(place) && places.constraint.takesPart(node, pod, demanded)) {
                        places.counts[place] += places.perNode.at(node);
                    }
                }
            }
        }

        @Override
        public long of(NodeInfo node) {
            if (needsAll && !hasAll(node, all)) {
                return IGNORED;
            }
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                Places places = all.get(i);
                int place = places.topology.of(node);
                if (place != Topology.NONE) {
                    sum += places.counts[place] * weights[i] + (places.constraint.maxSkew() - 1);
                }
            }
            return Math.round(sum);
        }

        @Override
        public void normalize(long[] scores, int count) {
            long least = Long.MAX_VALUE;
            long most = 0;
            for (int i = 0; i < count; i++) {
                if (scores[i] != IGNORED) {
                    least = Math.min(least, scores[i]);
                    most = Math.max(most, scores[i]);
                }
            }
            for (int i = 0; i < count; i++) {
                scores[i] = scores[i] == IGNORED ? 0 : most == 0 ? HIGHEST : HIGHEST * (most + least - scores[i]) / most;
            }
        }
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        return switch (event.kind()) {
            case ASSIGNED_POD_ADDED, ASSIGNED_POD_CHANGED, ASSIGNED_POD_DELETED, NODE_ADDED, NODE_DELETED, NODE_LABELS, NODE_TAINTS, THIS_POD, TIMER -> true;
            default -> false;
        };
    }
}
