package io.j8s.store;

/// What a [Tree] holds: something with a key that never changes, and a weight that the tree sums up.
interface Keyed {

    Key key();

    /// What it counts in [Tree#weight(KeyRange)].
    default int weight() {
        return 1;
    }
}
