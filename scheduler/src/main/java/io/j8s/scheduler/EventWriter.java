package io.j8s.scheduler;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.client.events.EventRecorder;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.events.v1.Event;
import io.j8s.model.events.v1.EventSeries;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes events.k8s.io/v1 events about pods, in the background, as upstream's scheduler does: one that says the same as one of the last six minutes becomes a series.
///
/// Writing never blocks its caller and never fails: events wait in a bounded queue (when it is full, new ones are dropped) for a few writers.
final class EventWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);
    private static final int LONGEST_QUEUE = 10_000;
    private static final int WRITERS = 8;
    private static final int KEPT_SERIES = 4096;
    private static final int LONGEST_NOTE = 1024;
    private static final Duration SERIES_SPAN = Duration.ofMinutes(6);

    private final Client client;
    private final Timeline timeline;
    private final String controller;
    private final String instance;
    private final Gate gate;
    // guarded by this
    private final ArrayDeque<Event> waiting = new ArrayDeque<>();
    private final List<Task> writers = new ArrayList<>();
    private final Map<Series, Event> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Series, Event> eldest) {
            return size() > KEPT_SERIES;
        }
    };
    private int idle;
    private boolean closed;
    private long lastName;

    private record Series(String action, String reason, ObjectReference regarding, String note, String type) {}

    /// @param controller the schedulerName
    /// @param host this host
    EventWriter(Client client, Timeline timeline, String controller, String host) {
        this.client = client;
        this.timeline = timeline;
        this.controller = controller;
        this.instance = controller + "-" + host;
        this.gate = timeline.gate();
    }

    void write(Pod about, @Nullable Pod related, String type, String reason, String action, String note) {
        Instant now = timeline.now();
        ObjectReference regarding = EventRecorder.reference(about);
        Event event = Event.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withName(name(about.metadata().name(), now)).withNamespace(about.metadata().namespace()))
                .withEventTime(now)
                .withReportingController(controller)
                .withReportingInstance(instance)
                .withAction(action)
                .withReason(reason)
                .withRegarding(regarding)
                .withNote(note.length() > LONGEST_NOTE ? note.substring(0, LONGEST_NOTE - 4) + " ..." : note)
                .withType(type);
        enqueue(related == null ? event : event.withRelated(EventRecorder.reference(related)));
    }

    private synchronized String name(String about, Instant now) {
        lastName = Math.max(lastName + 1, now.getEpochSecond() * 1_000_000_000 + now.getNano());
        return about + "." + Long.toHexString(lastName);
    }

    private void enqueue(Event event) {
        synchronized (this) {
            if (closed || waiting.size() >= LONGEST_QUEUE) {
                return;
            }
            waiting.add(event);
            if (idle < waiting.size() && writers.size() < WRITERS) {
                writers.add(timeline.start("events-" + controller, this::run));
            }
        }
        gate.signal();
    }

    private synchronized boolean ready() {
        return closed || !waiting.isEmpty();
    }

    private synchronized @Nullable Event poll() {
        return waiting.poll();
    }

    private void run() throws InterruptedException {
        while (true) {
            Event event = poll();
            if (event == null) {
                idle(1);
                gate.await(this::ready);
                idle(-1);
                if (isClosed()) {
                    return;
                }
            } else {
                writeOne(event);
            }
        }
    }

    private synchronized void idle(int change) {
        idle += change;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void writeOne(Event event) {
        Series series = new Series(event.action(), event.reason(), event.regarding(), event.note(), event.type());
        Event before;
        synchronized (this) {
            before = known.get(series);
        }
        try {
            Event written = before == null || before.eventTime() == null || lastOf(before).plus(SERIES_SPAN).isBefore(now(event))
                    ? client.create(Event.RESOURCE, event.metadata().namespace(), event)
                    : again(before, event);
            synchronized (this) {
                known.put(series, written);
            }
        } catch (ApiException e) {
            synchronized (this) {
                known.remove(series);
            }
            LOG.atDebug().addKeyValue("reason", event.reason()).addKeyValue("err", e.getMessage()).log("An event could not be written");
        }
    }

    private static Instant now(Event event) {
        Instant time = event.eventTime();
        return time == null ? Instant.EPOCH : time;
    }

    private static Instant lastOf(Event event) {
        Instant last = event.hasSeries() ? event.series().lastObservedTime() : event.eventTime();
        return last == null ? Instant.EPOCH : last;
    }

    private Event again(Event before, Event event) {
        int count = before.hasSeries() ? before.series().count() + 1 : 2;
        Event patch = Event.EMPTY.withSeries(EventSeries.EMPTY.withCount(count).withLastObservedTime(now(event)));
        try {
            return client.patch(Event.RESOURCE, before.metadata().namespace(), before.metadata().name(), new Patch.Strategic(io.j8s.model.Json.text(patch)), WriteOptions.NONE);
        } catch (ApiException e) {
            return client.create(Event.RESOURCE, event.metadata().namespace(), event); // the one before may be gone
        }
    }

    /// Stops at once; events that wait are lost.
    @Override
    public void close() {
        List<Task> running;
        synchronized (this) {
            closed = true;
            waiting.clear();
            running = List.copyOf(writers);
        }
        gate.signal();
        running.forEach(Task::close);
    }
}
