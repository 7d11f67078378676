package io.j8s.apiserver.watch;

import io.j8s.apiserver.registry.Change;
import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Struct;
import org.jspecify.annotations.Nullable;

/// What a watch has to tell next.
public sealed interface Sighting<T extends Struct> {

    /// An object that is there, new, changed or gone, as the watch's selection sees it.
    ///
    /// @param type `ADDED`, `MODIFIED` or `DELETED`
    /// @param shared the change that other watchers tell of in the same words; null when this one is told to this watch only
    record Seen<T extends Struct>(String type, Stored<T> object, @Nullable Change<T> shared) implements Sighting<T> {}

    /// Nothing more has changed up to a revision.
    ///
    /// @param initialEventsEnd whether it ends the initial events
    record Bookmark<T extends Struct>(long revision, boolean initialEventsEnd) implements Sighting<T> {}

    /// The watch cannot go on. It is the last.
    record Failed<T extends Struct>(Refusal why) implements Sighting<T> {}
}
