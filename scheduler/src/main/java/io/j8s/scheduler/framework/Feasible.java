package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.NodeInfo;

/// The nodes that are left when all filters have been asked, in groups of such that are alike.
public interface Feasible {

    /// @param alike how many nodes this one stands for, itself included
    @FunctionalInterface
    interface Visitor {
        void visit(NodeInfo node, int alike);
    }

    /// How many nodes there are in all.
    int size();

    void each(Visitor visitor);
}
