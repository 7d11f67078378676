package io.j8s.scheduler.state;

import java.util.Arrays;

/// How many pods of a selection each node holds. Pods that are being deleted do not count.
public final class NodeCounts {

    private int[] counts = new int[64];

    NodeCounts() {}

    public int at(NodeInfo node) {
        return node.index() < counts.length ? counts[node.index()] : 0;
    }

    void add(NodeInfo node, int amount) {
        if (node.index() >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(counts.length * 2, node.index() + 1));
        }
        counts[node.index()] += amount;
    }
}
