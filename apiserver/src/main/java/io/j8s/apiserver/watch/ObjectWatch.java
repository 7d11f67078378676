package io.j8s.apiserver.watch;

import io.j8s.apiserver.operation.ListRequest;
import io.j8s.apiserver.operation.Reads;
import io.j8s.apiserver.operation.Selection;
import io.j8s.apiserver.operation.Target;
import io.j8s.apiserver.registry.Alarms;
import io.j8s.apiserver.registry.Change;
import io.j8s.apiserver.registry.Observer;
import io.j8s.apiserver.registry.ResourceTable;
import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.registry.Tables;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Struct;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Timeline;
import io.j8s.store.CompactedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One client's view of the changes of a resource: first, if asked for, what exists, then each change as its selection sees it (an object that moves into the selection
/// is added, one that moves out is deleted), now and then a bookmark.
///
/// One thread takes sightings with [#next]; any may [#close].
public final class ObjectWatch<T extends Struct> implements Observer<T>, AutoCloseable {

    private static final Duration BOOKMARK_PERIOD = Duration.ofMinutes(1);
    private static final Duration EXPECTED_END = Duration.ofSeconds(2);

    private final Tables tables;
    private final ResourceTable<T> table;
    private final Selection<T> selection;
    private final Timeline timeline;
    private final boolean bookmarks;
    private final long endNanos;
    private final Queue<Sighting<T>> initial = new ArrayDeque<>();
    private final AtomicLong cursor = new AtomicLong();
    private final Gate gate;
    private long knownRevision;
    private long bookmarkNanos;
    private boolean ended;
    private volatile boolean closed;
    /// When it next has something to do without an event: set by the thread that takes sightings.
    private volatile Alarms.@Nullable Alarm alarm;
    /// Under which the table knows it; set before anybody else sees the watch.
    private long number;

    private ObjectWatch(Tables tables, ResourceTable<T> table, Selection<T> selection, Timeline timeline, boolean bookmarks, Duration length) {
        this.tables = tables;
        this.table = table;
        this.selection = selection;
        this.gate = timeline.gate();
        this.timeline = timeline;
        this.bookmarks = bookmarks;
        long now = timeline.nanoTime();
        this.endNanos = now + length.toNanos();
        this.bookmarkNanos = nextBookmark(now);
    }

    /// Begins a watch that lasts so long. A revision whose successors are no longer known makes a watch that fails at once with 410.
    public static <T extends Struct> ObjectWatch<T> begin(
            Tables tables, Reads reads, Timeline timeline, Target<T> target, ListRequest request, Duration length) {
        ResourceTable<T> table = tables.of(target.resource());
        long revision = Reads.parse(request.resourceVersion(), 500);
        ObjectWatch<T> watch = new ObjectWatch<>(tables, table, Selection.of(target, request), timeline, request.bookmarks(), length);
        Boolean sendInitialEvents = request.sendInitialEvents();
        if (request.resourceVersion().isEmpty()) {
            reads.awaitNewest();
        }
        if (sendInitialEvents != null && sendInitialEvents && revision > 0) {
            try {
                reads.awaitRevision(revision);
            } catch (Refusal tooLarge) {
                watch.initial.add(new Sighting.Failed<>(tooLarge));
                return watch;
            }
        }
        watch.number = table.observe(watch);
        if (sendInitialEvents == null ? revision == 0 : sendInitialEvents) {
            watch.startFromState(request.bookmarks());
            watch.convertInitial(target);
        } else if (revision == 0) {
            watch.cursor.set(table.end());
            watch.knownRevision = tables.revision();
        } else {
            watch.startAfter(revision);
        }
        return watch;
    }

    private void startFromState(boolean markEnd) {
        long before = tables.revision();
        ResourceTable.View<T> view = table.view();
        cursor.set(Math.max(table.cursorAfter(view.revision()), 0));
        knownRevision = Math.max(view.revision(), before);
        view.forEach(selection.prefix(), "", stored -> {
            if (selection.contains(stored)) {
                initial.add(new Sighting.Seen<>("ADDED", stored, null));
            }
            return true;
        });
        if (markEnd) {
            initial.add(new Sighting.Bookmark<>(view.revision(), true));
        }
    }

    private void convertInitial(Target<T> target) {
        try {
            target.version().convertTogether(initial.stream().flatMap(one -> one instanceof Sighting.Seen<T> seen ? Stream.of(seen.object().object()) : Stream.empty()));
        } catch (Refusal cannotConvert) {
            initial.clear();
            initial.add(new Sighting.Failed<>(cannotConvert));
        }
    }

    private void startAfter(long revision) {
        knownRevision = revision;
        cursor.set(table.cursorAfter(revision));
        if (cursor.get() < 0) {
            startFromHistory(revision);
        }
    }

    /// From before what the table remembers: the store may know more.
    private void startFromHistory(long revision) {
        long upTo = tables.revision();
        try {
            for (Change<T> change : table.history(tables.store(), selection.prefix(), revision, upTo)) {
                Sighting<T> seen = seen(change);
                if (seen != null) {
                    initial.add(seen);
                }
            }
            knownRevision = upTo;
            cursor.set(table.cursorAfter(upTo));
            if (cursor.get() < 0) {
                expire(revision);
            }
        } catch (CompactedException e) {
            expire(revision);
        }
    }

    private void expire(long revision) {
        initial.clear();
        initial.add(new Sighting.Failed<>(Refusal.expired("too old resource version: " + revision + " (" + (table.oldestWatchable() + 1) + ")")));
    }

    /// The next sighting, or null when none is there at the moment; never blocks.
    public @Nullable Sighting<T> poll() {
        try {
            return polled();
        } catch (Refusal cannotConvert) {
            ended = true;
            return new Sighting.Failed<>(cannotConvert);
        }
    }

    private @Nullable Sighting<T> polled() {
        Sighting<T> first = initial.poll();
        if (first != null) {
            ended = first instanceof Sighting.Failed<T>;
            return first;
        }
        for (long place = cursor.get(); !ended && place < table.end(); place = cursor.get()) {
            Change<T> change = table.change(place);
            if (change == null && cursor.get() == place) {
                ended = true;
                return new Sighting.Failed<>(Refusal.expired("too old resource version: " + knownRevision + " (" + (table.oldestWatchable() + 1) + ")"));
            }
            if (change == null || !cursor.compareAndSet(place, place + 1) || change.revision() <= knownRevision) {
                continue;
            }
            Sighting<T> seen = seen(change);
            if (seen != null) {
                return seen;
            }
        }
        return null;
    }

    /// The next sighting; blocks. Null when the watch has ended: closed, its time up, or its resource no longer served.
    public @Nullable Sighting<T> next() throws InterruptedException {
        while (true) {
            Sighting<T> seen = poll();
            if (seen != null) {
                return seen;
            }
            long now = timeline.nanoTime();
            if (ended || closed || table.closed() || now >= endNanos) {
                return null;
            }
            if (bookmarks && now >= bookmarkNanos) {
                bookmarkNanos = nextBookmark(now);
                long revision = tables.revision();
                if (cursor.get() == table.end()) {
                    return new Sighting.Bookmark<>(Math.max(revision, knownRevision), false);
                }
                continue;
            }
            setAlarm(bookmarks ? Math.min(endNanos, bookmarkNanos) : endNanos);
            gate.await(this::somethingToDo);
        }
    }

    private void setAlarm(long nanos) {
        Alarms.Alarm current = alarm;
        if (current == null || current.nanos() != nanos) {
            if (current != null) {
                tables.alarms().cancel(current);
            }
            alarm = tables.alarms().set(nanos, this);
        }
        if (closed) { // it may have been closed before it had this alarm
            cancelAlarm();
        }
    }

    private void cancelAlarm() {
        Alarms.Alarm current = alarm;
        if (current != null) {
            tables.alarms().cancel(current);
        }
    }

    private boolean somethingToDo() {
        if (cursor.get() < table.end() || closed || table.closed()) {
            return true;
        }
        Alarms.Alarm current = alarm;
        return current != null && timeline.nanoTime() - current.nanos() >= 0;
    }

    private long nextBookmark(long now) {
        long regular = now + BOOKMARK_PERIOD.toNanos();
        long beforeEnd = endNanos - EXPECTED_END.toNanos();
        return beforeEnd > now && beforeEnd < regular ? beforeEnd : regular;
    }

    private @Nullable Sighting<T> seen(Change<T> change) {
        Stored<T> before = change.before();
        Stored<T> after = change.after();
        boolean was = before != null && selection.contains(before);
        if (after != null && selection.contains(after)) {
            return new Sighting.Seen<>(was ? "MODIFIED" : "ADDED", after, was == (before != null) ? change : null);
        }
        if (before != null && was) {
            return after == null ? new Sighting.Seen<>("DELETED", before, change) : new Sighting.Seen<>("DELETED", before.deletedAt(change.revision()), null);
        }
        return null;
    }

    @Override
    public boolean concerns(Change<T> change) {
        Stored<T> before = change.before();
        Stored<T> after = change.after();
        return (after != null && selection.mayContain(after)) || (before != null && selection.mayContain(before));
    }

    @Override
    public void pass(Change<T> change) {
        cursor.compareAndSet(change.sequence(), change.sequence() + 1);
    }

    @Override
    public void wake() {
        gate.signal();
    }

    @Override
    public void close() {
        closed = true;
        cancelAlarm();
        table.forget(number);
        gate.signal();
    }
}
