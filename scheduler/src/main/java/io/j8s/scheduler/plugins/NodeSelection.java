package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.NodeSelector;
import io.j8s.scheduler.state.NodeInfo;

/// Whether a node selector, wherever it stands, admits a node.
public final class NodeSelection {

    private NodeSelection() {}

    public static boolean admits(NodeSelector selector, NodeInfo node) {
        return NodeTerms.of(selector).admit(node);
    }
}
