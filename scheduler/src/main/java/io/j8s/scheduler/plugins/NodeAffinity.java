package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.PreferredSchedulingTerm;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.NodeScore;
import io.j8s.scheduler.framework.Reach;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.ScorePlugin;
import io.j8s.scheduler.framework.Traits;
import io.j8s.scheduler.framework.Unschedulable;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Pods choose nodes by label and name: selector and required terms rule nodes out, preferred terms add their weight.
///
/// Its argument `addedAffinity` holds for all pods of a profile, besides their own.
final class NodeAffinity implements FilterPlugin, ScorePlugin, WakeUpPlugin {

    private static final Set<ClusterEvent.Kind> EVENTS = EnumSet.of(
            ClusterEvent.Kind.NODE_ADDED, ClusterEvent.Kind.NODE_LABELS);
    private static final Rejection NOT_THE_PODS = Rejection.unresolvable("node(s) didn't match Pod's node affinity/selector");
    private static final Rejection NOT_THE_PROFILES = Rejection.unresolvable("node(s) didn't match scheduler-enforced node affinity");

    /// What upstream says of nodes that it does not even look at.
    private static final Rejection NOT_NAMED = Rejection.unresolvable("node(s) didn't satisfy plugin(s) [NodeAffinity]");

    private final @Nullable NodeTerms addedRequired;
    private final List<PreferredSchedulingTerm> addedPreferred;

    NodeAffinity(io.j8s.model.core.v1.NodeAffinity added) {
        this.addedRequired = added.hasRequiredDuringSchedulingIgnoredDuringExecution()
                ? NodeTerms.of(added.requiredDuringSchedulingIgnoredDuringExecution())
                : null;
        this.addedPreferred = added.preferredDuringSchedulingIgnoredDuringExecution();
    }

    @Override
    public String name() {
        return "NodeAffinity";
    }

    @Override
    public @Nullable NodeFilter filter(Cycle cycle) {
        NodeTerms required = NodeTerms.required(cycle.pod().pod());
        NodeTerms added = addedRequired;
        if (required.admitAll() && added == null) {
            return null;
        }
        Set<String> only = required.onlyNodes();
        if (only != null && only.isEmpty()) {
            throw new Unschedulable("pod affinity terms conflict");
        }
        return new NodeFilter() {
            @Override
            public @Nullable Rejection reject(NodeInfo node) {
                if (only != null && !only.contains(node.name())) {
                    return NOT_NAMED;
                }
                if (added != null && !added.admit(node)) {
                    return NOT_THE_PROFILES;
                }
                return required.admit(node) ? null : NOT_THE_PODS;
            }

            @Override
            public @Nullable Set<String> onlyNodes() {
                return only;
            }
        };
    }

    @Override
    public Reach filterReach() {
        return Reach.NODE;
    }

    private record Preferred(NodeTerms.Term term, int weight) {}

    @Override
    public boolean concerns(Cycle cycle) {
        return !addedPreferred.isEmpty()
                || cycle.pod().pod().spec().affinity().nodeAffinity().hasPreferredDuringSchedulingIgnoredDuringExecution();
    }

    @Override
    public @Nullable NodeScore score(Cycle cycle) {
        List<Preferred> terms = new ArrayList<>(0);
        cycle.pod().pod().spec().affinity().nodeAffinity().preferredDuringSchedulingIgnoredDuringExecution().forEach(term -> add(term, terms));
        addedPreferred.forEach(term -> add(term, terms));
        if (terms.isEmpty()) {
            return null;
        }
        return new NodeScore() {
            @Override
            public long of(NodeInfo node) {
                long sum = 0;
                for (Preferred preferred : terms) {
                    if (preferred.term.admits(node)) {
                        sum += preferred.weight;
                    }
                }
                return sum;
            }

            @Override
            public Object shape() {
                return "NodeAffinity";
            }

            @Override
            public void describe(NodeInfo node, Traits traits) {
                traits.add(of(node));
            }

            @Override
            public void normalize(long[] scores, int count) {
                NodeScore.inProportion(scores, count, false);
            }
        };
    }

    private static void add(PreferredSchedulingTerm preferred, List<Preferred> terms) {
        if (preferred.weight() > 0) {
            terms.add(new Preferred(NodeTerms.Term.of(preferred.preference()), preferred.weight()));
        }
    }

    @Override
    public Set<ClusterEvent.Kind> events() {
        return EVENTS;
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        if (!(event.after() instanceof Node now)) {
            return false;
        }
        NodeTerms required = NodeTerms.required(pod.pod());
        return admits(required, now) && !(event.before() instanceof Node before && admits(required, before));
    }

    private boolean admits(NodeTerms required, Node node) {
        return required.admit(node) && (addedRequired == null || addedRequired.admit(node));
    }
}
