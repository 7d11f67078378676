package io.j8s.client.events;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.EventSource;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes core/v1 events about objects, in the background.
///
/// Recording never blocks and never fails: events wait in a bounded queue (when it is full, new ones are dropped), similar ones are counted or combined,
/// and what one source says about one object is limited ([EventCorrelator]).
public final class EventRecorder implements AutoCloseable {
    public static final String NORMAL = "Normal";
    public static final String WARNING = "Warning";

    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int LONGEST_QUEUE = 1000;
    private static final int MOST_TRIES = 12;
    private static final int LONGEST_MESSAGE = 1024;
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final Client client;
    private final Timeline time;
    private final String component;
    private final String host;
    private final Gate gate;
    private final EventCorrelator correlator;
    // guarded by this
    private final ArrayDeque<Event> waiting = new ArrayDeque<>();
    private @Nullable Task writer;
    private boolean closed;
    private long lastName;

    /// @param component such as `deployment-controller`
    /// @param host of a node's component; empty otherwise
    public EventRecorder(Client client, Timeline time, String component, String host) {
        this.client = client;
        this.time = time;
        this.component = component;
        this.host = host;
        this.gate = time.gate();
        this.correlator = new EventCorrelator(time);
    }

    /// Records something normal about an object.
    public void normal(Struct object, String reason, String message) {
        record(reference(object), NORMAL, reason, message);
    }

    /// Records something that should be looked into.
    public void warning(Struct object, String reason, String message) {
        record(reference(object), WARNING, reason, message);
    }

    /// Records about what a reference names, which may be a part of an object (`fieldPath`).
    public void record(ObjectReference about, String type, String reason, String message) {
        Instant now = time.now();
        Instant seconds = now.truncatedTo(ChronoUnit.SECONDS);
        String namespace = about.namespace().isEmpty() ? "default" : about.namespace();
        Event event = Event.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withName(name(about, now)).withNamespace(namespace))
                .withInvolvedObject(about)
                .withReason(reason)
                .withMessage(message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message)
                .withSource(host.isEmpty() ? EventSource.EMPTY.withComponent(component) : EventSource.EMPTY.withComponent(component).withHost(host))
                .withFirstTimestamp(seconds)
                .withLastTimestamp(seconds)
                .withCount(1)
                .withType(type)
                .withReportingComponent(component)
                .withReportingInstance(host);
        enqueue(event);
    }

    /// `object.time`, the time in nanoseconds since 1970, moved on where two events fall on one.
    private synchronized String name(ObjectReference about, Instant now) {
        lastName = Math.max(lastName + 1, now.getEpochSecond() * 1_000_000_000 + now.getNano());
        return about.name() + "." + Long.toHexString(lastName);
    }

    /// A reference to an object as it stands in events.
    public static ObjectReference reference(Struct described) {
        Struct object = Objects.typed(described);
        ObjectMeta metadata = Objects.metadata(object);
        ObjectReference reference = ObjectReference.EMPTY
                .withKind(Objects.kind(object))
                .withApiVersion(Objects.apiVersion(object))
                .withName(metadata.name())
                .withUid(metadata.uid())
                .withResourceVersion(metadata.resourceVersion());
        return metadata.namespace().isEmpty() ? reference : reference.withNamespace(metadata.namespace());
    }

    private void enqueue(Event event) {
        synchronized (this) {
            if (closed || waiting.size() >= LONGEST_QUEUE) {
                return;
            }
            waiting.add(event);
            if (writer == null) {
                writer = time.start("events-" + component, this::write);
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

    private void write() throws InterruptedException {
        while (true) {
            gate.await(this::ready);
            Event event = poll();
            if (event == null) {
                return;
            }
            EventCorrelator.Result result = correlator.correlate(event);
            if (result != null) {
                writeOne(result);
            }
        }
    }

    private void writeOne(EventCorrelator.Result result) throws InterruptedException {
        for (int tries = 1; !attempt(result); tries++) {
            if (tries == MOST_TRIES) {
                LOG.atError().addKeyValue("reason", result.event().reason()).addKeyValue("about", result.event().involvedObject().name()).log("Gave up writing an event");
                return;
            }
            time.sleep(tries == 1 ? RETRY.multipliedBy(time.random().nextInt(1000)).dividedBy(1000) : RETRY);
        }
    }

    /// Whether the event is settled: written, or refused in a way that no retry changes.
    private boolean attempt(EventCorrelator.Result result) {
        Event event = result.event();
        String namespace = event.metadata().namespace();
        try {
            Event written = null;
            if (result.patch() != null) {
                try {
                    written = client.patch(Event.RESOURCE, namespace, event.metadata().name(), new Patch.Strategic(result.patch()), WriteOptions.NONE);
                } catch (ApiException e) {
                    if (!e.isNotFound()) {
                        throw e;
                    }
                    event = event.withMetadata(m -> m.withoutResourceVersion().withName(name(result.event().involvedObject(), time.now())));
                }
            }
            correlator.written(written == null ? client.create(Event.RESOURCE, namespace, event) : written);
            return true;
        } catch (ApiException e) {
            boolean unreachable = e.code() >= 500 || e.code() == 429 || e.code() == 0;
            if (!unreachable && !e.alreadyExists()) {
                LOG.atDebug().addKeyValue("reason", event.reason()).addKeyValue("err", e.getMessage()).log("The server refused an event");
            }
            return !unreachable;
        }
    }

    /// Stops at once; events that wait are lost.
    @Override
    public void close() {
        Task running;
        synchronized (this) {
            closed = true;
            waiting.clear();
            running = writer;
        }
        gate.signal();
        if (running != null) {
            running.close();
        }
    }
}
