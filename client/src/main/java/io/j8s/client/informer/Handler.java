package io.j8s.client.informer;

import io.j8s.model.Struct;

/// Is told of changes, in order, on the informer's thread: must be quick (usually it adds a key to a queue) and must not block.
/// What it reads from the informer's lister is at least as new as what it is told.
public interface Handler<T extends Struct> {

    /// An object is new, or was there when the handler came.
    void added(T object);

    /// An object changed. After a gap in the watch the change may be several changes at once, or even a deletion and a new object of the same name: compare uids where that matters.
    void changed(T before, T after);

    /// An object is gone: its last known state, which may be older than its very last.
    void deleted(T last);

    /// Calls the same for every change, with the newest state known.
    static <T extends Struct> Handler<T> each(java.util.function.Consumer<T> action) {
        return new Handler<>() {
            @Override
            public void added(T object) {
                action.accept(object);
            }

            @Override
            public void changed(T before, T after) {
                action.accept(after);
            }

            @Override
            public void deleted(T last) {
                action.accept(last);
            }
        };
    }
}
