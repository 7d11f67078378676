package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.Taint;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.Reach;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.PodInfo;
import org.jspecify.annotations.Nullable;

/// Nodes that are cordoned take only pods that tolerate it.
final class NodeUnschedulable implements FilterPlugin, WakeUpPlugin {

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
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        return switch (event.kind()) {
            case NODE_ADDED, NODE_TAINTS, THIS_POD, TIMER -> true;
            default -> false;
        };
    }
}
