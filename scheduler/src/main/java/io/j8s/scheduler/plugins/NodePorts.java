package io.j8s.scheduler.plugins;

import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.Reach;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.PodInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A host port is held by one pod of a node.
final class NodePorts implements FilterPlugin, WakeUpPlugin {

    private static final Rejection TAKEN = Rejection.resolvable("node(s) didn't have free ports for the requested pod ports");

    @Override
    public String name() {
        return "NodePorts";
    }

    @Override
    public @Nullable NodeFilter filter(Cycle cycle) {
        List<PodInfo.HostPort> wanted = cycle.pod().hostPorts();
        return wanted.isEmpty() ? null : node -> node.holdsAny(wanted) ? TAKEN : null;
    }

    @Override
    public Reach filterReach() {
        return Reach.NODE;
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        return switch (event.kind()) {
            case ASSIGNED_POD_DELETED, NODE_ADDED, THIS_POD, TIMER -> true;
            default -> false;
        };
    }
}
