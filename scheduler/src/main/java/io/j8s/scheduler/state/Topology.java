package io.j8s.scheduler.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The values of one node label as a column: a small number for each node, so that counting by place is counting in an array.
public final class Topology {

    /// The number of a node that does not have the label.
    public static final int NONE = -1;

    private final String key;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> values = new ArrayList<>();
    private int[] ofNode = new int[64];
    private int[] nodesAt = new int[64];
    private int shared;

    Topology(String key) {
        this.key = key;
        Arrays.fill(ofNode, NONE);
    }

    public String key() {
        return key;
    }

    /// How many values there have been: numbers are below this.
    public int size() {
        return values.size();
    }

    /// The number of the node's value, or [#NONE].
    public int of(NodeInfo node) {
        return ofNode[node.index()];
    }

    public String value(int number) {
        return values.get(number);
    }

    /// Whether no two nodes are at one place, as with host names: then what is counted at a place changes only with its node.
    public boolean oneNodeEach() {
        return shared == 0;
    }

    void set(NodeInfo node) {
        if (node.index() >= ofNode.length) {
            int before = ofNode.length;
            ofNode = Arrays.copyOf(ofNode, Math.max(before * 2, node.index() + 1));
            Arrays.fill(ofNode, before, ofNode.length, NONE);
        }
        String value = node.labels().get(key);
        move(node.index(), value == null ? NONE : numbers.computeIfAbsent(value, v -> {
            values.add(v);
            return values.size() - 1;
        }));
    }

    void clear(NodeInfo node) {
        move(node.index(), NONE);
    }

    private void move(int node, int to) {
        int from = ofNode[node];
        if (from == to) {
            return;
        }
        if (from != NONE && --nodesAt[from] == 1) {
            shared--;
        }
        ofNode[node] = to;
        if (to != NONE) {
            if (to >= nodesAt.length) {
                nodesAt = Arrays.copyOf(nodesAt, Math.max(nodesAt.length * 2, to + 1));
            }
            if (++nodesAt[to] == 2) {
                shared++;
            }
        }
    }
}
