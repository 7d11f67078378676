package io.j8s.scheduler.framework;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// All nodes that pass the filters whose reach is one node, for one kind of pod, sorted into classes of nodes that are alike to everything else that is asked ([Traits]).
/// In a class, nodes lie in one bag for each score, so that the best (and of equals any of them, by chance) is at hand at once, and a node that changes moves in a few steps.
final class NodeClasses {

    private static final int OUT = -1;

    private final Map<Traits, NodeClass> classes = new HashMap<>();
    private @Nullable NodeClass[] classOf = new NodeClass[0];
    private long[] scoreOf = new long[0];
    private int[] positionOf = new int[0];
    /// Up to where the cluster's log of touched nodes has been followed; below zero: not at all yet.
    long seen = -1;

    /// Nodes of one score, in no order.
    private static final class Bag {
        private int[] nodes = new int[4];
        private int size;
    }

    /// Nodes that are alike.
    static final class NodeClass {
        private final Traits traits;
        private final TreeMap<Long, Bag> byScore = new TreeMap<>();
        private int size;

        NodeClass(Traits traits) {
            this.traits = traits;
        }

        Traits traits() {
            return traits;
        }

        int size() {
            return size;
        }

        /// The highest score; there is at least one node.
        long top() {
            return byScore.lastKey();
        }

        /// How many nodes have the highest score.
        int atTop() {
            return byScore.lastEntry().getValue().size;
        }

        /// The index of one of those with the highest score.
        int anyAtTop(RandomGenerator random) {
            Bag bag = byScore.lastEntry().getValue();
            return bag.nodes[bag.size == 1 ? 0 : random.nextInt(bag.size)];
        }

        int any() {
            return byScore.lastEntry().getValue().nodes[0];
        }
    }

    Iterable<NodeClass> classes() {
        return classes.values();
    }

    int count() {
        return classes.size();
    }

    void grow(int slots) {
        if (slots > positionOf.length) {
            int before = positionOf.length;
            int size = Math.max(slots, before * 2);
            classOf = Arrays.copyOf(classOf, size);
            scoreOf = Arrays.copyOf(scoreOf, size);
            positionOf = Arrays.copyOf(positionOf, size);
            Arrays.fill(positionOf, before, size, OUT);
        }
    }

    /// Takes a node out: it does not pass, is gone, or is set aside.
    void remove(int node) {
        NodeClass of = classOf[node];
        if (of == null) {
            return;
        }
        Bag bag = java.util.Objects.requireNonNull(of.byScore.get(scoreOf[node]));
        int last = bag.nodes[--bag.size];
        bag.nodes[positionOf[node]] = last;
        positionOf[last] = positionOf[node];
        positionOf[node] = OUT;
        if (bag.size == 0) {
            of.byScore.remove(scoreOf[node]);
        }
        of.size--;
        classOf[node] = null;
        if (of.size == 0) {
            classes.remove(of.traits);
        }
    }

    /// Puts a node where it belongs now.
    ///
    /// @param traits may be used for something else after the call
    void put(int node, Traits traits, long score) {
        NodeClass to = classes.get(traits);
        if (to != null && to == classOf[node] && score == scoreOf[node]) {
            return;
        }
        remove(node);
        to = classes.get(traits); // it may have been the last of its class
        if (to == null) {
            to = new NodeClass(traits.copy());
            classes.put(to.traits, to);
        }
        insert(node, to, score);
    }

    private void insert(int node, NodeClass to, long score) {
        Bag bag = to.byScore.get(score);
        if (bag == null) {
            bag = new Bag();
            to.byScore.put(score, bag);
        }
        if (bag.size == bag.nodes.length) {
            bag.nodes = Arrays.copyOf(bag.nodes, bag.size * 2);
        }
        bag.nodes[bag.size] = node;
        positionOf[node] = bag.size++;
        scoreOf[node] = score;
        classOf[node] = to;
        to.size++;
    }

    long score(int node) {
        return scoreOf[node];
    }

    /// The class that a node is in, or null.
    @Nullable NodeClass classOf(int node) {
        return classOf[node];
    }
}
