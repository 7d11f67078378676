package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.NodeInfo;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a plugin has to say against nodes, for one pod. Reads the state as it is at the time of the call.
@FunctionalInterface
public interface NodeFilter extends Grouped {

    /// Null when the node will do.
    @Nullable Rejection reject(NodeInfo node);

    /// The names of the only nodes that can do, when they are known beforehand; null: any may.
    default @Nullable Set<String> onlyNodes() {
        return null;
    }
}
