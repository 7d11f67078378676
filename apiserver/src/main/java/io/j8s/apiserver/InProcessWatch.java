package io.j8s.apiserver;

import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.watch.ObjectWatch;
import io.j8s.apiserver.watch.Sighting;
import io.j8s.client.Watch;
import io.j8s.client.WatchEvent;
import io.j8s.model.Struct;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A watch as a client in this process sees it.
final class InProcessWatch<T extends Struct, H extends Struct> implements Watch<T> {

    private final ObjectWatch<H> watch;
    private final Function<Stored<H>, T> object;

    InProcessWatch(ObjectWatch<H> watch, Function<Stored<H>, T> object) {
        this.watch = watch;
        this.object = object;
    }

    @Override
    public @Nullable WatchEvent<T> next() throws InterruptedException {
        return switch (watch.next()) {
            case null -> null;
            case Sighting.Seen<H> seen -> event(seen.type(), object.apply(seen.object()));
            case Sighting.Bookmark<H> bookmark -> new WatchEvent.Bookmark<>(Long.toString(bookmark.revision()), bookmark.initialEventsEnd());
            case Sighting.Failed<H> failed -> new WatchEvent.Failed<>(InProcessClient.exception(failed.why()));
        };
    }

    private WatchEvent<T> event(String type, T value) {
        return switch (type) {
            case "ADDED" -> new WatchEvent.Added<>(value);
            case "MODIFIED" -> new WatchEvent.Modified<>(value);
            default -> new WatchEvent.Deleted<>(value);
        };
    }

    @Override
    public void close() {
        watch.close();
    }
}
