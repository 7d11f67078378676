package io.j8s.etcd;

import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.store.CompactedException;
import io.j8s.store.Event;
import io.j8s.store.KeyRange;
import io.j8s.store.Store;
import io.j8s.store.StoreUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One watch of everything in etcd, from which all subscriptions are told.
///
/// Because it sees every revision, a commit can wait until its own has been told to all subscribers, as the store's contract promises. The newest
/// revisions are kept, so that later subscriptions begin without asking etcd; one that reaches further back is first told the past by a watch of its own.
///
/// When the connection breaks, the watch goes on after the last revision seen. If that is compacted by then, every subscriber is told that it is lost.
///
/// `publication` guards history, subscribers and the order in which listeners are called.
final class WatchHub implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(WatchHub.class);
    private static final int KEPT = 5_000;
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final Duration LAST_RETRY = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Calls calls;
    private final Timeline timeline;
    private final Gate gate;
    private final Object publication = new Object();
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final Deque<Told> history = new ArrayDeque<>();
    /// History holds everything after this revision.
    private long historyAfter;
    private volatile long seen;
    private volatile boolean watching;
    private volatile boolean closed;
    private @Nullable Task task;

    WatchHub(Calls calls, Timeline timeline) {
        this.calls = calls;
        this.timeline = timeline;
        this.gate = timeline.gate();
    }

    private record Told(long revision, List<Event> events) {}

    /// @param newest etcd's revision now
    Store.Subscription subscribe(KeyRange range, long afterRevision, Store.Listener listener, long newest) {
        Subscriber subscriber = new Subscriber(range, afterRevision, listener);
        synchronized (publication) {
            if (!watching) {
                begin(Math.min(afterRevision, newest));
            }
        }
        while (!join(subscriber)) {
            catchUp(subscriber, newest);
        }
        return subscriber;
    }

    private void begin(long after) {
        history.clear();
        historyAfter = after;
        seen = after;
        watching = true;
        task = timeline.start("etcd-watch", this::run);
    }

    /// Adds a subscriber and tells it what it lacks, if history reaches back that far.
    private boolean join(Subscriber subscriber) {
        synchronized (publication) {
            if (subscriber.seen < historyAfter) {
                return false;
            }
            history.forEach(subscriber::deliver);
            subscribers.add(subscriber);
            return true;
        }
    }

    private void catchUp(Subscriber subscriber, long newest) {
        long target;
        synchronized (publication) {
            target = Math.max(historyAfter, newest);
        }
        Gate caughtUp = timeline.gate();
        WatchStream.Receiver receiver = (revision, events) -> {
            if (revision <= target) {
                subscriber.deliver(new Told(revision, events));
            }
            if (revision >= target) {
                subscriber.seen = Math.max(subscriber.seen, target);
                caughtUp.signal();
            }
        };
        try (WatchStream stream = new WatchStream(calls, subscriber.seen + 1, caughtUp, receiver)) {
            caughtUp.await(() -> subscriber.seen >= target || stream.end() != null);
            CompactedException compacted = stream.compacted();
            if (compacted != null) {
                throw compacted;
            }
            if (subscriber.seen < target) {
                calls.leave(stream.endpoint());
                throw new StoreUnavailableException("etcd ended the watch: " + stream.end(), false, new IOException(stream.end()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted while waiting for etcd", false, e);
        }
    }

    private void run() throws InterruptedException {
        Duration retry = FIRST_RETRY;
        while (!closed && watching) {
            long before = seen;
            try (WatchStream stream = new WatchStream(calls, before + 1, gate, this::publish)) {
                gate.await(() -> closed || !watching || stream.end() != null);
                if (closed || !watching) {
                    return;
                }
                CompactedException compacted = stream.compacted();
                if (compacted != null) {
                    lose(compacted);
                    return;
                }
                LOGGER.warn("the watch of etcd broke after revision {} ({}); it goes on with the next endpoint", seen, stream.end());
                calls.leave(stream.endpoint());
            }
            retry = seen > before ? FIRST_RETRY : retry.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? retry.multipliedBy(2) : LAST_RETRY;
            timeline.sleep(retry);
        }
    }

    private void publish(long revision, List<Event> events) {
        synchronized (publication) {
            if (revision <= seen || !watching) {
                return;
            }
            Told told = new Told(revision, events);
            history.addLast(told);
            if (history.size() > KEPT) {
                historyAfter = Objects.requireNonNull(history.pollFirst()).revision();
            }
            subscribers.forEach(subscriber -> subscriber.deliver(told));
            seen = revision;
        }
        gate.signal();
    }

    private void lose(CompactedException cause) {
        List<Subscriber> lost;
        synchronized (publication) {
            watching = false;
            lost = List.copyOf(subscribers);
            subscribers.clear();
        }
        gate.signal();
        for (Subscriber subscriber : lost) {
            try {
                subscriber.listener.lost(cause);
            } catch (RuntimeException e) {
                LOGGER.error("a subscription to {} ended: {}", subscriber.range, e.getMessage());
            }
        }
    }

    /// Waits until a revision has been told to all subscribers; not for ever, for the connection may be broken.
    void awaitTold(long revision) {
        if (!watching || seen >= revision) {
            return;
        }
        try {
            if (!gate.await(() -> seen >= revision || !watching || closed, PATIENCE)) {
                LOGGER.warn("revision {} is in etcd, but its watch has not told of it yet (it is at {})", revision, seen);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        subscribers.clear();
        stop();
    }

    /// Ends the watch; the next subscription begins another.
    private void stop() {
        Task last;
        synchronized (publication) {
            watching = false;
            history.clear();
            last = task;
            task = null;
        }
        gate.signal();
        if (last != null) {
            last.cancel();
        }
    }

    private final class Subscriber implements Store.Subscription {
        private final KeyRange range;
        private final Store.Listener listener;
        private volatile long seen;
        private volatile boolean ended;

        Subscriber(KeyRange range, long seen, Store.Listener listener) {
            this.range = range;
            this.seen = seen;
            this.listener = listener;
        }

        void deliver(Told told) {
            if (ended || told.revision <= seen) {
                return;
            }
            seen = told.revision;
            List<Event> inside = new ArrayList<>();
            for (Event event : told.events) {
                if (range.contains(event.key())) {
                    inside.add(event);
                }
            }
            try {
                listener.changed(told.revision, inside);
            } catch (RuntimeException e) {
                LOGGER.error("a listener to changes of {} failed at revision {}; it goes on with the next one", range, told.revision, e);
            }
        }

        @Override
        public void close() {
            ended = true;
            boolean last;
            synchronized (publication) {
                last = subscribers.remove(this) && subscribers.isEmpty();
            }
            if (last) {
                stop();
            }
        }
    }
}
