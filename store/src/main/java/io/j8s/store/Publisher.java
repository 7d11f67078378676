package io.j8s.store;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds the state that everybody may see, and tells subscribers of each step to the next one.
///
/// `publication` guards the order of steps: state first, then the listeners, one revision after the other. Readers need no lock.
final class Publisher {

    private static final Logger LOGGER = LoggerFactory.getLogger(Publisher.class);
    /// So few revisions may be replayed while publication waits.
    private static final int SHORT = 64;

    private final Object publication = new Object();
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private volatile State state;

    Publisher(State state) {
        this.state = state;
    }

    State state() {
        return state;
    }

    void publish(State next) {
        synchronized (publication) {
            long before = state.revision();
            state = next;
            if (next.revision() == before) {
                return;
            }
            if (next.revision() == before + 1 && next.newest() != null) {
                deliver(next.newest());
                return;
            }
            Deque<Revised> steps = Revised.after(next.newest(), before);
            if (steps == null) {
                throw new IllegalStateException("the history between revisions " + before + " and " + next.revision() + " is missing");
            }
            steps.forEach(this::deliver);
        }
    }

    private void deliver(Revised step) {
        for (Subscriber subscriber : subscribers) {
            subscriber.deliver(step);
        }
    }

    Store.Subscription subscribe(KeyRange range, long afterRevision, Store.Listener listener) {
        Subscriber subscriber = new Subscriber(range, afterRevision, listener);
        while (state.revision() - subscriber.seen > SHORT) {
            subscriber.catchUp(state);
        }
        synchronized (publication) {
            subscriber.catchUp(state);
            subscribers.add(subscriber);
        }
        return subscriber;
    }

    /// Ends all subscriptions.
    void close() {
        subscribers.clear();
    }

    private final class Subscriber implements Store.Subscription {
        private final KeyRange range;
        private final Store.Listener listener;
        private long seen;
        private volatile boolean closed;

        Subscriber(KeyRange range, long seen, Store.Listener listener) {
            this.range = range;
            this.seen = seen;
            this.listener = listener;
        }

        void catchUp(State to) {
            if (seen + 1 < to.compacted()) {
                throw new CompactedException(seen + 1, to.compacted());
            }
            Deque<Revised> missing = Revised.after(to.newest(), seen);
            if (missing == null) {
                throw new CompactedException(seen + 1, state.compacted());
            }
            missing.forEach(this::deliver);
        }

        void deliver(Revised step) {
            if (closed || step.revision <= seen) {
                return;
            }
            seen = step.revision;
            try {
                listener.changed(step.revision, within(step.events));
            } catch (RuntimeException e) {
                LOGGER.error("a listener to changes of {} failed at revision {}; it goes on with the next one", range, step.revision, e);
            }
        }

        private List<Event> within(List<Event> events) {
            if (events.size() == 1) {
                return range.contains(events.getFirst().key()) ? events : List.of();
            }
            List<Event> inside = new ArrayList<>();
            for (Event event : events) {
                if (range.contains(event.key())) {
                    inside.add(event);
                }
            }
            return inside;
        }

        @Override
        public void close() {
            closed = true;
            subscribers.remove(this);
        }
    }
}
