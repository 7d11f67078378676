package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.NodeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Prefers nodes over others (extension points PreScore and Score).
public interface ScorePlugin extends Plugin {

    /// Whether it has anything to say about this pod; asked before [#score], and cheap.
    default boolean concerns(Cycle cycle) {
        return true;
    }

    /// The score for the cycle's pod; null when all nodes are alike to it.
    ///
    /// @param feasible the nodes that are left; for a plugin with [Reach#NODE], an empty list
    @Nullable NodeScore score(Cycle cycle, List<NodeInfo> feasible);

    /// What the score depends on. With [Reach#NODE] it is not normalized.
    default Reach scoreReach() {
        return Reach.CLUSTER;
    }
}
