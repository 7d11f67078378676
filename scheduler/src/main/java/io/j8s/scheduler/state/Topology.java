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

    void set(NodeInfo node) {
        if (node.index() >= ofNode.length) {
            int before = ofNode.length;
            ofNode = Arrays.copyOf(ofNode, Math.max(before * 2, node.index() + 1));
            Arrays.fill(ofNode, before, ofNode.length, NONE);
        }
        String value = node.labels().get(key);
        ofNode[node.index()] = value == null ? NONE : numbers.computeIfAbsent(value, v -> {
            values.add(v);
            return values.size() - 1;
        });
    }

    void clear(NodeInfo node) {
        ofNode[node.index()] = NONE;
    }
}
