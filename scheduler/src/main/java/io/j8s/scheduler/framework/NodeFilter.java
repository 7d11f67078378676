package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.NodeInfo;
import org.jspecify.annotations.Nullable;

/// What a plugin has to say against nodes, for one pod. Reads the state as it is at the time of the call.
@FunctionalInterface
public interface NodeFilter {

    /// Null when the node will do.
    @Nullable Rejection reject(NodeInfo node);
}
