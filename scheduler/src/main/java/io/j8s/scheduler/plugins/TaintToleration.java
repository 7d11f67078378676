package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Taint;
import io.j8s.model.core.v1.Toleration;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.NodeScore;
import io.j8s.scheduler.framework.Reach;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.ScorePlugin;
import io.j8s.scheduler.framework.Traits;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Taints keep pods away that do not tolerate them; those of effect PreferNoSchedule only make a node less liked.
final class TaintToleration implements FilterPlugin, ScorePlugin, WakeUpPlugin {

    private static final Set<ClusterEvent.Kind> EVENTS = EnumSet.of(
            ClusterEvent.Kind.NODE_ADDED, ClusterEvent.Kind.NODE_TAINTS);
    private static final Rejection TAINTED = Rejection.unresolvable("node(s) had untolerated taint(s)");
    private static final Set<String> SOFT = Set.of("", "PreferNoSchedule");

    @Override
    public String name() {
        return "TaintToleration";
    }

    @Override
    public NodeFilter filter(Cycle cycle) {
        List<Toleration> tolerations = cycle.pod().pod().spec().tolerations();
        return node -> node.taints().isEmpty() || Tolerations.untolerated(node, tolerations) == null ? null : TAINTED;
    }

    @Override
    public Reach filterReach() {
        return Reach.NODE;
    }

    @Override
    public boolean concerns(Cycle cycle) {
        return cycle.cluster().softTaints() > 0;
    }

    @Override
    public NodeScore score(Cycle cycle) {
        List<Toleration> soft = cycle.pod().pod().spec().tolerations().stream().filter(toleration -> SOFT.contains(toleration.effect())).toList();
        return new NodeScore() {
            @Override
            public long of(NodeInfo node) {
                long count = 0;
                for (Taint taint : node.taints()) {
                    if (taint.effect().equals("PreferNoSchedule") && !Tolerations.covered(taint, soft)) {
                        count++;
                    }
                }
                return count;
            }

            @Override
            public Object shape() {
                return "TaintToleration";
            }

            @Override
            public void describe(NodeInfo node, Traits traits) {
                traits.add(of(node));
            }

            @Override
            public void normalize(long[] scores, int count) {
                NodeScore.inProportion(scores, count, true);
            }
        };
    }

    @Override
    public Set<ClusterEvent.Kind> events() {
        return EVENTS;
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        return event.after() instanceof Node now && tolerated(now, pod) && !(event.before() instanceof Node before && tolerated(before, pod));
    }

    private static boolean tolerated(Node node, PodInfo pod) {
        return Tolerations.untolerated(node.spec().taints(), pod.pod().spec().tolerations()) == null;
    }
}
