package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.NodeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Prefers nodes over others (extension points PreScore and Score).
public interface ScorePlugin extends Plugin {

    /// The score for the cycle's pod; null when all nodes are alike to it.
    ///
    /// @param feasible the nodes that are left
    @Nullable NodeScore score(Cycle cycle, List<NodeInfo> feasible);
}
