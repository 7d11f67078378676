package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.Pod;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.Reach;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.PodInfo;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A host port is held by one pod of a node.
final class NodePorts implements FilterPlugin, WakeUpPlugin {

    private static final Set<ClusterEvent.Kind> EVENTS = EnumSet.of(
            ClusterEvent.Kind.ASSIGNED_POD_DELETED, ClusterEvent.Kind.NODE_ADDED);
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
    public Set<ClusterEvent.Kind> events() {
        return EVENTS;
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        if (event.before() instanceof Pod gone) {
            List<PodInfo.HostPort> freed = new PodInfo(gone).hostPorts();
            return pod.hostPorts().stream().anyMatch(wanted -> freed.stream().anyMatch(wanted::conflicts));
        }
        return true;
    }
}
