package io.j8s.client.testing;

import io.j8s.client.ApiException;
import io.j8s.client.ObjectKey;
import io.j8s.client.Watch;
import io.j8s.client.WatchEvent;
import io.j8s.model.Struct;
import io.j8s.runtime.Timeline;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// Follows the history of one resource from a revision on.
final class MemoryWatch<T extends Struct> implements Watch<T> {
    private final History history;
    private final String resource;
    private final BiPredicate<ObjectKey, Struct> selected;
    private final Deque<WatchEvent<T>> initial;
    private final Timeline time;
    private final long end;
    private volatile @Nullable ApiException broken;
    private volatile boolean closed;
    private long revision;

    MemoryWatch(History history, Timeline time, String resource, BiPredicate<ObjectKey, Struct> selected, Deque<WatchEvent<T>> initial, long from, int seconds) {
        this.history = history;
        this.resource = resource;
        this.selected = selected;
        this.initial = new ArrayDeque<>(initial);
        this.revision = from;
        this.time = time;
        this.end = seconds == 0 ? Long.MAX_VALUE : time.nanoTime() + seconds * 1_000_000_000L;
    }

    @Override
    public @Nullable WatchEvent<T> next() throws InterruptedException {
        WatchEvent<T> first = initial.poll();
        if (first != null) {
            return first;
        }
        while (true) {
            synchronized (history) {
                WatchEvent<T> event = poll();
                if (event != null) {
                    return event;
                }
            }
            if (closed || time.nanoTime() >= end) {
                return null;
            }
            if (end == Long.MAX_VALUE) {
                history.changed.await(this::ready);
            } else {
                history.changed.await(this::ready, java.time.Duration.ofNanos(end - time.nanoTime()));
            }
        }
    }

    private boolean ready() {
        synchronized (history) {
            int place = history.placeAfter(revision);
            return closed || broken != null || place < 0 || history.next(place, resource) != null;
        }
    }

    private @Nullable WatchEvent<T> poll() {
        ApiException error = broken;
        if (error != null && !closed) {
            closed = true;
            return new WatchEvent.Failed<>(error);
        }
        while (!closed) {
            int place = history.placeAfter(revision);
            if (place < 0) {
                closed = true;
                return new WatchEvent.Failed<>(Refusals.expired());
            }
            History.Change change = history.next(place, resource);
            if (change == null) {
                return null;
            }
            revision = change.revision();
            WatchEvent<T> event = event(change);
            if (event != null) {
                return event;
            }
        }
        return null;
    }

    @SuppressWarnings("unchecked") // the resource's objects are of its type
    private @Nullable WatchEvent<T> event(History.Change change) {
        T before = change.before() != null && selected.test(change.key(), change.before()) ? (T) change.before() : null;
        T after = change.after() != null && selected.test(change.key(), change.after()) ? (T) change.after() : null;
        if (after != null) {
            return before == null ? new WatchEvent.Added<>(after) : new WatchEvent.Modified<>(after);
        }
        return before == null ? null : new WatchEvent.Deleted<>(before);
    }

    /// Ends the watch with an error, as a lost connection does.
    void breakOff(ApiException error) {
        broken = error;
        history.changed.signal();
    }

    boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        history.changed.signal();
    }
}
