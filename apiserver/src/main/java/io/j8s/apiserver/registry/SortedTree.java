package io.j8s.apiserver.registry;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A sorted map from strings that never changes: `with` and `without` answer new maps that share all but a path with the old one. A reader that holds one sees one
/// moment, for as long as it likes, at no cost to writers.
///
/// A weight-balanced binary tree (Adams 1993; parameters 3 and 2 as proved by Hirai and Yamamoto 2011): its sizes also count ranges.
@SuppressWarnings("ReferenceEquality") // a subtree that did not change stays the very same
final class SortedTree<V> {

    private static final int DELTA = 3;
    private static final int GAMMA = 2;

    private final @Nullable Node<V> root;

    private SortedTree(@Nullable Node<V> root) {
        this.root = root;
    }

    private record Node<V>(String key, V value, @Nullable Node<V> left, @Nullable Node<V> right, int size) {}

    static <V> SortedTree<V> empty() {
        return new SortedTree<>(null);
    }

    int size() {
        return size(root);
    }

    @Nullable V get(String key) {
        Node<V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    SortedTree<V> with(String key, V value) {
        return new SortedTree<>(put(root, key, value));
    }

    SortedTree<V> without(String key) {
        Node<V> changed = remove(root, key);
        return changed == root ? this : new SortedTree<>(changed);
    }

    /// Visits the values whose keys are not before `from` and begin with `prefix`, in order, until the visitor answers false.
    void forEach(String prefix, String from, Predicate<V> visitor) {
        walk(root, prefix, from.compareTo(prefix) < 0 ? prefix : from, visitor);
    }

    /// How many keys are not before `from` and begin with `prefix`.
    int count(String prefix, String from) {
        String start = from.compareTo(prefix) < 0 ? prefix : from;
        return rank(start, false) < rank(prefix, true) ? rank(prefix, true) - rank(start, false) : 0;
    }

    /// The number of keys before `text`; with `through`, also of those that begin with it.
    private int rank(String text, boolean through) {
        int before = 0;
        Node<V> node = root;
        while (node != null) {
            boolean left = node.key.compareTo(text) < 0 || (through && node.key.startsWith(text));
            if (left) {
                before += size(node.left) + 1;
                node = node.right;
            } else {
                node = node.left;
            }
        }
        return before;
    }

    private static <V> boolean walk(@Nullable Node<V> node, String prefix, String from, Predicate<V> visitor) {
        if (node == null) {
            return true;
        }
        if (node.key.compareTo(from) < 0) {
            return walk(node.right, prefix, from, visitor);
        }
        if (!walk(node.left, prefix, from, visitor)) {
            return false;
        }
        if (!node.key.startsWith(prefix)) {
            return false;
        }
        return visitor.test(node.value) && walk(node.right, prefix, from, visitor);
    }

    private static int size(@Nullable Node<?> node) {
        return node == null ? 0 : node.size;
    }

    private static <V> Node<V> node(String key, V value, @Nullable Node<V> left, @Nullable Node<V> right) {
        return new Node<>(key, value, left, right, size(left) + size(right) + 1);
    }

    private static <V> Node<V> put(@Nullable Node<V> node, String key, V value) {
        if (node == null) {
            return node(key, value, null, null);
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return node(key, value, node.left, node.right);
        }
        return order < 0
                ? balanced(node.key, node.value, put(node.left, key, value), node.right)
                : balanced(node.key, node.value, node.left, put(node.right, key, value));
    }

    private static <V> @Nullable Node<V> remove(@Nullable Node<V> node, String key) {
        if (node == null) {
            return null;
        }
        int order = key.compareTo(node.key);
        if (order < 0) {
            Node<V> left = remove(node.left, key);
            return left == node.left ? node : balanced(node.key, node.value, left, node.right);
        }
        if (order > 0) {
            Node<V> right = remove(node.right, key);
            return right == node.right ? node : balanced(node.key, node.value, node.left, right);
        }
        return joined(node.left, node.right);
    }

    private static <V> @Nullable Node<V> joined(@Nullable Node<V> left, @Nullable Node<V> right) {
        if (left == null) {
            return right;
        }
        if (right == null) {
            return left;
        }
        Node<V> next = right;
        while (next.left != null) {
            next = next.left;
        }
        return balanced(next.key, next.value, left, withoutFirst(right));
    }

    private static <V> @Nullable Node<V> withoutFirst(Node<V> node) {
        return node.left == null ? node.right : balanced(node.key, node.value, withoutFirst(node.left), node.right);
    }

    private static <V> Node<V> balanced(String key, V value, @Nullable Node<V> left, @Nullable Node<V> right) {
        int leftWeight = size(left) + 1;
        int rightWeight = size(right) + 1;
        if (right != null && rightWeight > DELTA * leftWeight) {
            return raisedRight(key, value, left, right);
        }
        if (left != null && leftWeight > DELTA * rightWeight) {
            return raisedLeft(key, value, left, right);
        }
        return node(key, value, left, right);
    }

    private static <V> Node<V> raisedRight(String key, V value, @Nullable Node<V> left, Node<V> right) {
        Node<V> inner = right.left;
        if (inner == null || size(inner) + 1 < GAMMA * (size(right.right) + 1)) {
            return node(right.key, right.value, node(key, value, left, inner), right.right);
        }
        return node(inner.key, inner.value, node(key, value, left, inner.left), node(right.key, right.value, inner.right, right.right));
    }

    private static <V> Node<V> raisedLeft(String key, V value, Node<V> left, @Nullable Node<V> right) {
        Node<V> inner = left.right;
        if (inner == null || size(inner) + 1 < GAMMA * (size(left.left) + 1)) {
            return node(left.key, left.value, left.left, node(key, value, inner, right));
        }
        return node(inner.key, inner.value, node(left.key, left.value, left.left, inner.left), node(key, value, inner.right, right));
    }
}
