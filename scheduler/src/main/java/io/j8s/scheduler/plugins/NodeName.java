package io.j8s.scheduler.plugins;

import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.Reach;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.state.NodeInfo;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A pod that names its node goes there and nowhere else.
final class NodeName implements FilterPlugin {

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
}
