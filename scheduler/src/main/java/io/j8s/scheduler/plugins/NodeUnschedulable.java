package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Taint;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.Reach;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.PodInfo;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Nodes that are cordoned take only pods that tolerate it.
final class NodeUnschedulable implements FilterPlugin, WakeUpPlugin {

    private static final Set<ClusterEvent.Kind> EVENTS = EnumSet.of(
            ClusterEvent.Kind.NODE_ADDED, ClusterEvent.Kind.NODE_TAINTS);
    private static final Rejection CORDONED = Rejection.unresolvable("node(s) were unschedulable");
    private static final Taint AS_TAINT = Taint.EMPTY.withKey("node.kubernetes.io/unschedulable").withEffect("NoSchedule");

    @Override
    public String name() {
        return "NodeUnschedulable";
    }

    @Override
    public @Nullable NodeFilter filter(Cycle cycle) {
        if (Tolerations.covered(AS_TAINT, cycle.pod().pod().spec().tolerations())) {
            return null;
        }
        return node -> node.node().spec().unschedulable() ? CORDONED : null;
    }

    @Override
    public Reach filterReach() {
        return Reach.NODE;
    }

    @Override
    public Set<ClusterEvent.Kind> events() {
        return EVENTS;
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        return event.after() instanceof Node now && !now.spec().unschedulable()
                && !(event.before() instanceof Node before && !before.spec().unschedulable());
    }
}
