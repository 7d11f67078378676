package io.j8s.scheduler.state;

import java.util.Arrays;
import java.util.function.Predicate;

/// How many pods of a selection each place of a topology holds, counting only the nodes that take part; with the least of them. Follows the nodes that change.
public final class SpreadCounts {

    private static final int OUT = -1;

    private final Topology topology;
    private final NodeCounts perNode;
    private final Predicate<NodeInfo> takesPart;
    private long[] counts = new long[8];
    private int[] nodesAt = new int[8];
    /// How many places that take part hold so many pods.
    private int[] placesWith = new int[16];
    private int places;
    private int least;
    /// By node: what it was last counted with, and where; [#OUT] when it takes no part.
    private int[] counted = new int[0];
    private int[] countedAt = new int[0];
    private long seen = -1;

    SpreadCounts(Topology topology, NodeCounts perNode, Predicate<NodeInfo> takesPart) {
        this.topology = topology;
        this.perNode = perNode;
        this.takesPart = takesPart;
    }

    public Topology topology() {
        return topology;
    }

    NodeCounts perNode() {
        return perNode;
    }

    /// The count at a place; 0 where no node takes part.
    public long at(int place) {
        return place < counts.length ? counts[place] : 0;
    }

    /// How many places have nodes that take part.
    public int places() {
        return places;
    }

    /// The least count of all places that take part; 0 when there are none.
    public long least() {
        while (places > 0 && (least >= placesWith.length || placesWith[least] == 0)) {
            least = least >= placesWith.length ? 0 : least + 1;
        }
        return places == 0 ? 0 : least;
    }

    void follow(ClusterState cluster) {
        TouchedNodes touched = cluster.touched();
        if (counted.length < cluster.slots()) {
            int before = counted.length;
            int size = Math.max(cluster.slots(), before * 2);
            counted = Arrays.copyOf(counted, size);
            countedAt = Arrays.copyOf(countedAt, size);
            Arrays.fill(countedAt, before, size, OUT);
        }
        if (touched.reaches(seen)) {
            for (long change = seen; change < touched.end(); change++) {
                look(cluster, touched.at(change));
            }
        } else {
            for (int index = 0; index < cluster.slots(); index++) {
                look(cluster, index);
            }
        }
        seen = touched.end();
    }

    private void look(ClusterState cluster, int index) {
        NodeInfo node = cluster.slot(index);
        int place = node == null || !takesPart.test(node) ? OUT : topology.of(node);
        int count = place == OUT || node == null ? 0 : perNode.at(node);
        if (place == countedAt[index] && count == counted[index]) {
            return;
        }
        if (countedAt[index] != OUT) {
            change(countedAt[index], -1, -counted[index]);
        }
        countedAt[index] = place;
        counted[index] = count;
        if (place != OUT) {
            change(place, 1, count);
        }
    }

    private void change(int place, int nodes, int pods) {
        if (place >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(counts.length * 2, place + 1));
            nodesAt = Arrays.copyOf(nodesAt, counts.length);
        }
        if (nodesAt[place] > 0) {
            placesWith[(int) counts[place]]--;
            places--;
        }
        counts[place] += pods;
        nodesAt[place] += nodes;
        if (nodesAt[place] > 0) {
            int now = (int) counts[place];
            if (now >= placesWith.length) {
                placesWith = Arrays.copyOf(placesWith, Math.max(placesWith.length * 2, now + 1));
            }
            placesWith[now]++;
            places++;
            least = Math.min(least, now);
        }
    }
}
