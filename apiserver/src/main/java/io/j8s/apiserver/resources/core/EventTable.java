package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Cells;
import io.j8s.apiserver.resource.Column;
import io.j8s.apiserver.resource.ResourceBuilder;
import io.j8s.model.core.v1.Event;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The columns of the table of events.
final class EventTable {

    private EventTable() {}

    static ResourceBuilder<Event> columns(ResourceBuilder<Event> events) {
        return events
                .table(table -> table
                        .column("Last Seen", "string", "When it was seen last.", (event, now) -> Cells.age(lastSeen(event), now))
                        .column("Type", "string", "The type of the event.", (event, now) -> event.type())
                        .column("Reason", "string", "Why it happened, in one word.", (event, now) -> event.reason())
                        .column("Object", "string", "What it is about.", (event, now) -> target(event))
                        .wideColumn("Subobject", "string", "The part of the object that it is about.", (event, now) -> event.involvedObject().fieldPath())
                        .wideColumn("Source", "string", "Who reports it.", (event, now) -> source(event))
                        .column("Message", "string", "What happened.", (event, now) -> event.message().strip())
                        .wideColumn("First Seen", "string", "When it was seen first.", (event, now) -> Cells.age(firstSeen(event), now))
                        .wideColumn("Count", "string", "How often it was seen.", (event, now) -> count(event))
                        .column(new Column<>("Name", "string", "name", "Name must be unique within a namespace.", 1, (event, now) -> event.metadata().name())));
    }

    private static @Nullable Instant firstSeen(Event event) {
        return event.firstTimestamp() == null ? event.eventTime() : event.firstTimestamp();
    }

    private static @Nullable Instant lastSeen(Event event) {
        if (event.hasSeries()) {
            return event.series().lastObservedTime();
        }
        return event.lastTimestamp() == null ? firstSeen(event) : event.lastTimestamp();
    }

    private static int count(Event event) {
        return event.hasSeries() ? event.series().count() : event.count() == 0 ? 1 : event.count();
    }

    private static String target(Event event) {
        String kind = event.involvedObject().kind().toLowerCase(Locale.ROOT);
        return event.involvedObject().name().isEmpty() ? kind : kind + "/" + event.involvedObject().name();
    }

    private static String source(Event event) {
        String component = event.source().component().isEmpty() ? event.reportingComponent() : event.source().component();
        String instance = event.source().host().isEmpty() ? event.reportingInstance() : event.source().host();
        return instance.isEmpty() ? component : component + ", " + instance;
    }
}
