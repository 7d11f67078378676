package io.j8s.apiserver.registry;

import io.j8s.model.Struct;

/// Someone who waits for changes of a table. Called by the thread that commits, in the order of the changes: must be quick and must not block.
public interface Observer<T extends Struct> {

    /// Whether a change means anything to it.
    boolean concerns(Change<T> change);

    /// A change means nothing to it: if it has come just so far, it need not look at it.
    void pass(Change<T> change);

    /// There is something to look at: a change that concerns it, or the table's end.
    void wake();
}
