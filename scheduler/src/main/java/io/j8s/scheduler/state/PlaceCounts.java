package io.j8s.scheduler.state;

import java.util.Arrays;

/// Counts by the places of a topology: how many pods (or how much weight) each place holds.
public final class PlaceCounts {

    private final Topology topology;
    private long[] counts = new long[8];
    private long total;

    PlaceCounts(Topology topology) {
        this.topology = topology;
    }

    public Topology topology() {
        return topology;
    }

    /// The count at the node's place; 0 for a node without the label.
    public long at(NodeInfo node) {
        int place = topology.of(node);
        return place == Topology.NONE || place >= counts.length ? 0 : counts[place];
    }

    /// The sum over all places.
    public long total() {
        return total;
    }

    void add(NodeInfo node, long amount) {
        int place = topology.of(node);
        if (place == Topology.NONE) {
            return;
        }
        if (place >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(counts.length * 2, place + 1));
        }
        counts[place] += amount;
        total += amount;
    }
}
