package io.j8s.scheduler.framework;

import org.jspecify.annotations.Nullable;

/// Prefers nodes over others (extension points PreScore and Score).
public interface ScorePlugin extends Plugin {

    /// Whether it has anything to say about this pod; asked before [#score], and cheap.
    default boolean concerns(Cycle cycle) {
        return true;
    }

    /// The score for the cycle's pod; null when all nodes are alike to it.
    @Nullable NodeScore score(Cycle cycle);

    /// What the score depends on. With [Reach#NODE] it is neither prepared nor normalized.
    default Reach scoreReach() {
        return Reach.CLUSTER;
    }
}
