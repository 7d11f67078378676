package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.NodeInfo;
import org.jspecify.annotations.Nullable;

/// Something that is asked about nodes, for one pod, and can say which nodes are alike to it: then it is asked once for all of them.
public interface Grouped {

    /// What its traits mean: while two pods have equal shapes (and are of one kind), traits that were noted for the one hold for the other. Null when nodes cannot be grouped.
    default @Nullable Object shape() {
        return null;
    }

    /// Adds numbers such that all nodes with the same numbers get the same answer at any moment. They may change only with the node itself or the pods on it
    /// (so: the place of a node, but not what is counted at that place, unless the node is alone there).
    default void describe(NodeInfo node, Traits traits) {}
}
