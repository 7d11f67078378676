package io.j8s.scheduler.plugins;

import io.j8s.model.Struct;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Toleration;
import io.j8s.model.core.v1.TopologySpreadConstraint;
import io.j8s.model.selector.Selector;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.Feasible;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.NodeScore;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.ScorePlugin;
import io.j8s.scheduler.framework.Traits;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.NodeCounts;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import io.j8s.scheduler.state.PodSelection;
import io.j8s.scheduler.state.SpreadCounts;
import io.j8s.scheduler.state.Topology;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Pods spread over places: constraints that must hold rule nodes out, the others lower the score of fuller places (KEP-895, KEP-1258 for the defaults,
/// KEP-3022 for minDomains, KEP-3094 for the node policies).
///
/// How many pods of a selection each node holds is kept by the cluster state; each decision adds that up by place in one walk over the nodes.
final class PodTopologySpread implements FilterPlugin, ScorePlugin, WakeUpPlugin {

    private static final Set<ClusterEvent.Kind> EVENTS = EnumSet.of(
            ClusterEvent.Kind.ASSIGNED_POD_ADDED, ClusterEvent.Kind.ASSIGNED_POD_CHANGED, ClusterEvent.Kind.ASSIGNED_POD_DELETED, ClusterEvent.Kind.NODE_ADDED, ClusterEvent.Kind.NODE_DELETED, ClusterEvent.Kind.NODE_LABELS, ClusterEvent.Kind.NODE_TAINTS);
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

    private List<SpreadConstraint> constraints(Cycle cycle, boolean required) {
        Pod pod = cycle.pod().pod();
        if (pod.spec().topologySpreadConstraints().isEmpty()) {
            boolean systemDefaults = profileDefaults == null; // they are all preferences
            return required && systemDefaults ? List.of() : defaults(pod).stream().filter(constraint -> constraint.required() == required).toList();
        }
        return pod.spec().topologySpreadConstraints().stream().filter(constraint -> constraint.whenUnsatisfiable().equals("DoNotSchedule") == required)
                .map(constraint -> SpreadConstraint.of(pod, constraint)).toList();
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

    /// One constraint with what is counted for it.
    private record Places(SpreadConstraint constraint, SpreadCounts counts, NodeCounts perNode, boolean self) {
        static Places of(SpreadConstraint constraint, Cycle cycle, List<String> neededKeys) {
            Pod pod = cycle.pod().pod();
            PodSelection selection = new PodSelection(cycle.pod().namespace(), constraint.selector());
            Participants participants = Participants.of(constraint, pod, neededKeys);
            SpreadCounts counts = cycle.cluster().spread(new ClusterState.SpreadKey(selection, constraint.topologyKey(), participants), participants::include);
            return new Places(constraint, counts, cycle.cluster().matching(selection), constraint.selector().matches(cycle.pod().labels()));
        }

        int placeOf(NodeInfo node) {
            return counts.topology().of(node);
        }

        long least() {
            return counts.places() < constraint.minDomains() ? 0 : counts.least();
        }

        void describe(NodeInfo node, Traits traits) {
            int place = placeOf(node);
            traits.add(place == Topology.NONE ? Topology.NONE : counts.topology().oneNodeEach() ? counts.at(place) : place);
        }

        List<Object> shape() {
            return List.of(new Identity(counts), new Identity(perNode), counts.topology().oneNodeEach());
        }
    }

    private record Identity(Object object) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Identity that && object == that.object;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(object);
        }
    }

    /// Which nodes take part in the counting of one constraint, by what it depends on.
    private record Participants(List<String> neededKeys, Map<String, String> nodeSelector, Struct nodeAffinity, List<Toleration> tolerations, boolean honorTaints) {
        static Participants of(SpreadConstraint constraint, Pod pod, List<String> neededKeys) {
            boolean affinity = constraint.honorAffinity();
            return new Participants(neededKeys,
                    affinity ? pod.spec().nodeSelector() : Map.of(),
                    affinity ? pod.spec().affinity().nodeAffinity() : io.j8s.model.core.v1.NodeAffinity.EMPTY,
                    constraint.honorTaints() ? pod.spec().tolerations() : List.of(),
                    constraint.honorTaints());
        }

        boolean include(NodeInfo node) {
            for (String key : neededKeys) {
                if (!node.labels().containsKey(key)) {
                    return false;
                }
            }
            if (honorTaints && Tolerations.untolerated(node, tolerations) != null) {
                return false;
            }
            return NodeTerms.required(nodeSelector, (io.j8s.model.core.v1.NodeAffinity) nodeAffinity).admit(node);
        }
    }

    private static List<Places> places(List<SpreadConstraint> constraints, Cycle cycle, boolean needsAll) {
        List<String> keys = needsAll ? constraints.stream().map(SpreadConstraint::topologyKey).toList() : List.of();
        return constraints.stream().map(constraint -> Places.of(constraint, cycle, keys)).toList();
    }

    private static boolean hasAll(NodeInfo node, List<Places> all) {
        for (Places places : all) {
            if (places.placeOf(node) == Topology.NONE) {
                return false;
            }
        }
        return true;
    }

    @Override
    public @Nullable NodeFilter filter(Cycle cycle) {
        List<SpreadConstraint> constraints = constraints(cycle, true);
        return constraints.isEmpty() ? null : new Skew(constraints, cycle);
    }

    /// The counts are those of the time it is made: a preemption that takes pods away in thought asks for a new one.
    private static final class Skew implements NodeFilter {
        private final List<Places> all;
        private final long[] least;

        Skew(List<SpreadConstraint> constraints, Cycle cycle) {
            this.all = places(constraints, cycle, true);
            this.least = all.stream().mapToLong(Places::least).toArray();
        }

        @Override
        public @Nullable Rejection reject(NodeInfo node) {
            for (int i = 0; i < least.length; i++) {
                Places places = all.get(i);
                int place = places.placeOf(node);
                if (place == Topology.NONE) {
                    return NO_LABEL;
                }
                if (places.counts.at(place) + (places.self ? 1 : 0) - least[i] > places.constraint.maxSkew()) {
                    return SKEWED;
                }
            }
            return null;
        }

        @Override
        public Object shape() {
            return all.stream().map(Places::shape).toList();
        }

        @Override
        public void describe(NodeInfo node, Traits traits) {
            for (Places places : all) {
                places.describe(node, traits);
            }
        }
    }

    @Override
    public @Nullable NodeScore score(Cycle cycle) {
        List<SpreadConstraint> constraints = constraints(cycle, false);
        if (constraints.isEmpty()) {
            return null;
        }
        boolean systemDefaults = cycle.pod().pod().spec().topologySpreadConstraints().isEmpty() && profileDefaults == null;
        return new Evenness(places(constraints, cycle, !systemDefaults), !systemDefaults);
    }

    /// The score: fewer fellows at the node's places is better, weighed by how many places there are.
    private static final class Evenness implements NodeScore {
        private final List<Places> all;
        private final double[] weights;
        private final boolean needsAll;

        Evenness(List<Places> all, boolean needsAll) {
            this.all = all;
            this.needsAll = needsAll;
            this.weights = new double[all.size()];
        }

        @Override
        public void prepare(Feasible feasible) {
            BitSet[] present = new BitSet[weights.length];
            long[] alone = new long[weights.length];
            long[] candidates = new long[1];
            for (int i = 0; i < weights.length; i++) {
                present[i] = new BitSet();
            }
            feasible.each((node, alike) -> {
                if (needsAll && !hasAll(node, all)) {
                    return;
                }
                candidates[0] += alike;
                for (int i = 0; i < weights.length; i++) {
                    int place = all.get(i).placeOf(node);
                    if (place != Topology.NONE && all.get(i).counts.topology().oneNodeEach()) {
                        alone[i] += alike;
                    } else if (place != Topology.NONE) {
                        present[i].set(place);
                    }
                }
            });
            for (int i = 0; i < weights.length; i++) {
                boolean hosts = all.get(i).constraint.topologyKey().equals(HOSTNAME);
                weights[i] = Math.log((hosts ? candidates[0] : alone[i] + present[i].cardinality()) + 2.0);
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
                int place = places.placeOf(node);
                if (place != Topology.NONE) {
                    boolean hosts = places.constraint.topologyKey().equals(HOSTNAME);
                    long count = hosts ? places.perNode.at(node) : places.counts.at(place);
                    sum += count * weights[i] + (places.constraint.maxSkew() - 1);
                }
            }
            return Math.round(sum);
        }

        @Override
        public Object shape() {
            return all.stream().map(Places::shape).toList();
        }

        @Override
        public void describe(NodeInfo node, Traits traits) {
            for (Places places : all) {
                places.describe(node, traits);
                if (places.constraint.topologyKey().equals(HOSTNAME)) {
                    traits.add(places.perNode.at(node));
                }
            }
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
    public Set<ClusterEvent.Kind> events() {
        return EVENTS;
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        Pod changed = event.after() instanceof Pod after ? after : event.before() instanceof Pod before ? before : null;
        if (changed == null) {
            return true;
        }
        if (!changed.metadata().namespace().equals(pod.namespace())) {
            return false;
        }
        boolean own = !pod.pod().spec().topologySpreadConstraints().isEmpty();
        return !own || event.kind() == ClusterEvent.Kind.ASSIGNED_POD_CHANGED || pod.pod().spec().topologySpreadConstraints().stream()
                .anyMatch(constraint -> SpreadConstraint.of(pod.pod(), constraint).selector().matches(changed.metadata().labels()));
    }
}
