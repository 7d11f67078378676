package io.j8s.store;

import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// An ordered collection that never changes: changing it makes another one that shares all but the path to the change.
///
/// A B+ tree of wide nodes. An [Editor] makes the next tree: nodes it made itself since it last froze a tree are changed in place (each node knows its maker), all others
/// are copied first, so that a batch of changes copies each node once, and a tree that was handed out never changes under its readers, who need no lock.
///
/// Every node knows the sum of its items' weights: counting a range costs a walk along its two edges.
final class Tree<T extends Keyed> {

    private static final int WIDTH = 32;
    /// Neighbours that together hold no more than this become one when a removal has thinned one of them.
    private static final int MERGED_WIDTH = 20;

    private final Node root;

    private Tree(Node root) {
        this.root = root;
    }

    static <T extends Keyed> Tree<T> empty() {
        return new Tree<>(new Leaf(new Object()));
    }

    @Nullable T get(Key key) {
        return find(root, key);
    }

    /// Walks the items of a range in order until the visitor answers false; answers whether it never did.
    boolean forEach(KeyRange range, Predicate<? super T> visitor) {
        return walk(root, range.start(), range.end(), visitor);
    }

    /// The sum of the weights of a range.
    long weight(KeyRange range) {
        return weigh(root, range.start(), range.end());
    }

    private abstract static sealed class Node {
        final Object maker;
        /// Items of a leaf; children, which are nodes, of an inner node.
        final Object[] items = new Object[WIDTH];
        int size;
        int weight;

        Node(Object maker) {
            this.maker = maker;
        }

        void insert(int index, Object item) {
            System.arraycopy(items, index, items, index + 1, size - index);
            items[index] = item;
            size++;
        }

        void remove(int index) {
            System.arraycopy(items, index + 1, items, index, size - index - 1);
            items[--size] = null;
        }

        /// Moves what lies from an index on to the start of an empty node.
        void moveTail(int from, Node to) {
            System.arraycopy(items, from, to.items, 0, size - from);
            Arrays.fill(items, from, size, null);
            to.size = size - from;
            size = from;
        }
    }

    private static final class Leaf extends Node {
        Leaf(Object maker) {
            super(maker);
        }

        Key key(int index) {
            return ((Keyed) items[index]).key();
        }

        /// Where the key is, or else -(where it belongs) - 1.
        int search(Key key) {
            int low = 0;
            int high = size - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                int order = key(middle).compareTo(key);
                if (order == 0) {
                    return middle;
                }
                if (order < 0) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return -low - 1;
        }

        /// Where the first item that is not smaller lies.
        int lowest(@Nullable Key start) {
            if (start == null) {
                return 0;
            }
            int index = search(start);
            return index < 0 ? -index - 1 : index;
        }

        int measure() {
            int sum = 0;
            for (int i = 0; i < size; i++) {
                sum += ((Keyed) items[i]).weight();
            }
            return sum;
        }
    }

    private static final class Inner extends Node {
        /// From which key on a child is responsible; that of the first one is never looked at.
        final Key[] from = new Key[WIDTH];

        Inner(Object maker) {
            super(maker);
        }

        Node child(int index) {
            return (Node) items[index];
        }

        /// The child that is responsible for a key.
        int search(Key key) {
            int low = 1;
            int high = size - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                if (from[middle].compareTo(key) <= 0) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return low - 1;
        }

        void insert(int index, Key start, Node child) {
            System.arraycopy(from, index, from, index + 1, size - index);
            from[index] = start;
            insert(index, child);
        }

        @SuppressWarnings("NullAway") // the places behind `size` hold nothing
        void removeChild(int index) {
            System.arraycopy(from, index + 1, from, index, size - index - 1);
            from[size - 1] = null;
            remove(index);
        }

        @SuppressWarnings("NullAway") // the places behind `size` hold nothing
        void moveTail(int start, Inner to) {
            System.arraycopy(from, start, to.from, 0, size - start);
            Arrays.fill(from, start, size, null);
            super.moveTail(start, to);
        }

        int measure() {
            int sum = 0;
            for (int i = 0; i < size; i++) {
                sum += child(i).weight;
            }
            return sum;
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Keyed> T item(Leaf leaf, int index) {
        return (T) leaf.items[index];
    }

    private static <T extends Keyed> @Nullable T find(Node root, Key key) {
        Node node = root;
        while (node instanceof Inner inner) {
            node = inner.child(inner.search(key));
        }
        Leaf leaf = (Leaf) node;
        int index = leaf.search(key);
        return index < 0 ? null : item(leaf, index);
    }

    private static <T extends Keyed> boolean walk(Node node, @Nullable Key start, @Nullable Key end, Predicate<? super T> visitor) {
        if (node instanceof Inner inner) {
            int first = start == null ? 0 : inner.search(start);
            for (int i = first; i < inner.size && (i == first || end == null || inner.from[i].compareTo(end) < 0); i++) {
                if (!walk(inner.child(i), i == first ? start : null, endWithin(inner, i, end), visitor)) {
                    return false;
                }
            }
            return true;
        }
        Leaf leaf = (Leaf) node;
        for (int i = leaf.lowest(start); i < leaf.size; i++) {
            if (end != null && leaf.key(i).compareTo(end) >= 0) {
                return true;
            }
            if (!visitor.test(Tree.<T>item(leaf, i))) {
                return false;
            }
        }
        return true;
    }

    private static long weigh(Node node, @Nullable Key start, @Nullable Key end) {
        if (start == null && end == null) {
            return node.weight;
        }
        long sum = 0;
        if (node instanceof Inner inner) {
            int first = start == null ? 0 : inner.search(start);
            for (int i = first; i < inner.size && (i == first || end == null || inner.from[i].compareTo(end) < 0); i++) {
                sum += weigh(inner.child(i), i == first ? start : null, endWithin(inner, i, end));
            }
            return sum;
        }
        Leaf leaf = (Leaf) node;
        for (int i = leaf.lowest(start); i < leaf.size && (end == null || leaf.key(i).compareTo(end) < 0); i++) {
            sum += ((Keyed) leaf.items[i]).weight();
        }
        return sum;
    }

    /// The end a child has to look at: none when all of it lies before.
    private static @Nullable Key endWithin(Inner inner, int index, @Nullable Key end) {
        return end != null && index + 1 < inner.size && inner.from[index + 1].compareTo(end) <= 0 ? null : end;
    }

    /// Makes trees out of trees. For one thread at a time.
    static final class Editor<T extends Keyed> {
        private Object maker = new Object();
        private Node root;
        /// The right half of the node that was split by the change just made below.
        private @Nullable Node split;
        private @Nullable Key splitFrom;

        Editor(Tree<T> tree) {
            root = tree.root;
        }

        /// The tree as it is now; what is edited later does not touch it.
        Tree<T> freeze() {
            maker = new Object();
            return new Tree<>(root);
        }

        /// Forgets all changes: goes on from another tree.
        void reset(Tree<T> tree) {
            maker = new Object();
            root = tree.root;
        }

        @Nullable T get(Key key) {
            return find(root, key);
        }

        boolean forEach(KeyRange range, Predicate<? super T> visitor) {
            return walk(root, range.start(), range.end(), visitor);
        }

        /// Adds an item, or puts it in the place of the one with the same key.
        void put(T item) {
            Node left = put(root, item.key(), item);
            if (split != null && splitFrom != null) {
                Inner top = new Inner(maker);
                top.insert(0, splitFrom, left);
                top.insert(1, splitFrom, split);
                top.weight = top.measure();
                left = top;
                split = null;
            }
            root = left;
        }

        void remove(Key key) {
            Node left = remove(root, key);
            while (left instanceof Inner inner && inner.size == 1) {
                left = inner.child(0);
            }
            root = left.size == 0 ? new Leaf(maker) : left;
        }

        private Node put(Node node, Key key, T item) {
            return node instanceof Inner inner ? putBelow(inner, key, item) : putInto((Leaf) node, key, item);
        }

        private Leaf putInto(Leaf shared, Key key, T item) {
            Leaf leaf = own(shared);
            int index = leaf.search(key);
            if (index >= 0) {
                leaf.weight += item.weight() - ((Keyed) leaf.items[index]).weight();
                leaf.items[index] = item;
                return leaf;
            }
            int place = -index - 1;
            if (leaf.size < WIDTH) {
                leaf.insert(place, item);
                leaf.weight += item.weight();
                return leaf;
            }
            Leaf right = new Leaf(maker);
            // Keys that come in order leave full leaves behind.
            leaf.moveTail(place == WIDTH ? WIDTH : WIDTH / 2, right);
            if (place <= leaf.size && leaf.size < WIDTH) {
                leaf.insert(place, item);
            } else {
                right.insert(place - leaf.size, item);
            }
            leaf.weight = leaf.measure();
            right.weight = right.measure();
            split = right;
            splitFrom = right.key(0);
            return leaf;
        }

        private Inner putBelow(Inner shared, Key key, T item) {
            int index = shared.search(key);
            int before = shared.child(index).weight;
            Node child = put(shared.child(index), key, item);
            Inner inner = own(shared);
            inner.items[index] = child;
            inner.weight += child.weight - before;
            if (split == null || splitFrom == null) {
                return inner;
            }
            Node added = split;
            Key addedFrom = splitFrom;
            split = null;
            inner.weight += added.weight;
            if (inner.size < WIDTH) {
                inner.insert(index + 1, addedFrom, added);
                return inner;
            }
            Inner right = new Inner(maker);
            inner.moveTail(index + 1 == WIDTH ? WIDTH - 1 : WIDTH / 2, right);
            if (index + 1 <= inner.size) {
                inner.insert(index + 1, addedFrom, added);
            } else {
                right.insert(index + 1 - inner.size, addedFrom, added);
            }
            inner.weight = inner.measure();
            right.weight = right.measure();
            split = right;
            splitFrom = right.from[0];
            return inner;
        }

        private Node remove(Node node, Key key) {
            if (node instanceof Inner shared) {
                int index = shared.search(key);
                int before = shared.child(index).weight;
                Node child = remove(shared.child(index), key);
                Inner inner = own(shared);
                inner.items[index] = child;
                inner.weight += child.weight - before;
                if (child.size == 0) {
                    inner.removeChild(index);
                } else if (index > 0) {
                    merge(inner, index - 1);
                } else if (inner.size > 1) {
                    merge(inner, 0);
                }
                return inner;
            }
            Leaf shared = (Leaf) node;
            int index = shared.search(key);
            if (index < 0) {
                return shared;
            }
            Leaf leaf = own(shared);
            leaf.weight -= ((Keyed) leaf.items[index]).weight();
            leaf.remove(index);
            return leaf;
        }

        /// Makes one of a child and the next one when both are thin.
        private void merge(Inner inner, int index) {
            Node left = inner.child(index);
            Node right = inner.child(index + 1);
            if (left.size + right.size > MERGED_WIDTH) {
                return;
            }
            Node merged = left instanceof Leaf leaf ? own(leaf) : own((Inner) left);
            if (merged instanceof Inner to && right instanceof Inner from) {
                System.arraycopy(from.from, 0, to.from, to.size, from.size);
                to.from[to.size] = inner.from[index + 1];
            }
            System.arraycopy(right.items, 0, merged.items, merged.size, right.size);
            merged.size += right.size;
            merged.weight += right.weight;
            inner.items[index] = merged;
            inner.removeChild(index + 1);
        }

        @SuppressWarnings("ReferenceEquality") // makers are told apart by identity
        private Leaf own(Leaf leaf) {
            return leaf.maker == maker ? leaf : copy(leaf, new Leaf(maker));
        }

        @SuppressWarnings("ReferenceEquality") // makers are told apart by identity
        private Inner own(Inner inner) {
            if (inner.maker == maker) {
                return inner;
            }
            Inner copy = copy(inner, new Inner(maker));
            System.arraycopy(inner.from, 0, copy.from, 0, inner.size);
            return copy;
        }

        private static <N extends Node> N copy(N from, N to) {
            System.arraycopy(from.items, 0, to.items, 0, from.size);
            to.size = from.size;
            to.weight = from.weight;
            return to;
        }
    }
}
