package io.j8s.client;

import io.j8s.model.Struct;

/// One change that a watch tells of.
public sealed interface WatchEvent<T extends Struct> {

    /// An object that is new to the watch's selection.
    record Added<T extends Struct>(T object) implements WatchEvent<T> {}

    record Modified<T extends Struct>(T object) implements WatchEvent<T> {}

    /// An object that is gone, or has left the selection: its last state.
    record Deleted<T extends Struct>(T object) implements WatchEvent<T> {}

    /// Nothing more has changed up to this revision.
    ///
    /// @param initialEventsEnd whether it ends the initial events
    record Bookmark<T extends Struct>(String resourceVersion, boolean initialEventsEnd) implements WatchEvent<T> {}

    /// The watch cannot go on (code 410: list again). It is the last event.
    record Failed<T extends Struct>(ApiException error) implements WatchEvent<T> {}
}
