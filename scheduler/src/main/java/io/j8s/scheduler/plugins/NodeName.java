package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.Node;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.Reach;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A pod that names its node goes there and nowhere else.
final class NodeName implements FilterPlugin, WakeUpPlugin {

    private static final Rejection OTHER = Rejection.unresolvable("node(s) didn't match the requested node name");

    @Override
    public String name() {
        return "NodeName";
    }

    @Override
    public @Nullable NodeFilter filter(Cycle cycle) {
        String wanted = cycle.pod().nodeName();
        if (wanted.isEmpty()) {
            return null;
        }
        return new NodeFilter() {
            @Override
            public @Nullable Rejection reject(NodeInfo node) {
                return node.name().equals(wanted) ? null : OTHER;
            }

            @Override
            public Set<String> onlyNodes() {
                return Set.of(wanted);
            }
        };
    }

    @Override
    public Reach filterReach() {
        return Reach.NODE;
    }

    @Override
    public Set<ClusterEvent.Kind> events() {
        return Set.of(ClusterEvent.Kind.NODE_ADDED);
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        return event.after() instanceof Node node && node.metadata().name().equals(pod.nodeName());
    }
}
