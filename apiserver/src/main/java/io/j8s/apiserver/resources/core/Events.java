package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.ResourceBuilder;
import io.j8s.apiserver.resource.SelectableField;
import io.j8s.apiserver.resource.Version;
import io.j8s.model.Field;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.EventSeries;
import io.j8s.model.core.v1.ObjectReference;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// `events`, also served as `events.events.k8s.io` with other names for the same fields. They live for an hour.
final class Events {

    private static final Duration LIFE = Duration.ofHours(1);

    private Events() {}

    static Resource<Event> resource() {
        ResourceBuilder<Event> events = Resource.of(Event.RESOURCE)
                .shortNames("ev")
                .timeToLive(LIFE)
                .createsOnUpdate()
                .notGarbageCollected()
                .names(NameRule.PATH_SEGMENT)
                .anyFinalizers()
                .metadataNotRevalidated()
                .metadataUpdateNotRevalidated()
                .metadataCheckedLast()
                .hubRules((event, old, errors) -> EventRules.check(event, "reportingComponent", errors));
        coreFields().forEach(field -> events.selectable(field.name(), field.value()));
        return EventTable.columns(events)
                .alsoServed(new Version<>(io.j8s.model.events.v1.Event.RESOURCE, UnaryOperator.identity(), Events::toCore, Events::fromCore, newFields(), new EventRules.Strict()))
                .build();
    }

    private static List<SelectableField<Event>> coreFields() {
        return Stream.concat(
                        Stream.of(
                                new SelectableField<Event>("type", Event::type),
                                new SelectableField<Event>("reason", Event::reason),
                                new SelectableField<Event>("reportingComponent", Event::reportingComponent),
                                new SelectableField<Event>("source", event -> event.source().component().isEmpty() ? event.reportingComponent() : event.source().component())),
                        reference("involvedObject", Event::involvedObject))
                .toList();
    }

    private static List<SelectableField<Event>> newFields() {
        return Stream.concat(
                        Stream.of(
                                new SelectableField<Event>("type", Event::type),
                                new SelectableField<Event>("reason", Event::reason),
                                new SelectableField<Event>("reportingController", Event::reportingComponent)),
                        reference("regarding", Event::involvedObject))
                .toList();
    }

    private static Stream<SelectableField<Event>> reference(String name, Function<Event, ObjectReference> reference) {
        return Stream.of(
                new SelectableField<>(name + ".kind", event -> reference.apply(event).kind()),
                new SelectableField<>(name + ".namespace", event -> reference.apply(event).namespace()),
                new SelectableField<>(name + ".name", event -> reference.apply(event).name()),
                new SelectableField<>(name + ".uid", event -> reference.apply(event).uid()),
                new SelectableField<>(name + ".apiVersion", event -> reference.apply(event).apiVersion()),
                new SelectableField<>(name + ".resourceVersion", event -> reference.apply(event).resourceVersion()),
                new SelectableField<>(name + ".fieldPath", event -> reference.apply(event).fieldPath()));
    }

    /// The same value under two names: core's field, then the one of events.k8s.io.
    private record SameField(Field core, Field renamed) {}

    private static List<SameField> sameFields() {
        return List.of(
                new SameField(Event.METADATA, io.j8s.model.events.v1.Event.METADATA),
                new SameField(Event.INVOLVED_OBJECT, io.j8s.model.events.v1.Event.REGARDING),
                new SameField(Event.RELATED, io.j8s.model.events.v1.Event.RELATED),
                new SameField(Event.REASON, io.j8s.model.events.v1.Event.REASON),
                new SameField(Event.MESSAGE, io.j8s.model.events.v1.Event.NOTE),
                new SameField(Event.TYPE_, io.j8s.model.events.v1.Event.TYPE_),
                new SameField(Event.ACTION, io.j8s.model.events.v1.Event.ACTION),
                new SameField(Event.EVENT_TIME, io.j8s.model.events.v1.Event.EVENT_TIME),
                new SameField(Event.REPORTING_COMPONENT, io.j8s.model.events.v1.Event.REPORTING_CONTROLLER),
                new SameField(Event.REPORTING_INSTANCE, io.j8s.model.events.v1.Event.REPORTING_INSTANCE),
                new SameField(Event.SOURCE, io.j8s.model.events.v1.Event.DEPRECATED_SOURCE),
                new SameField(Event.FIRST_TIMESTAMP, io.j8s.model.events.v1.Event.DEPRECATED_FIRST_TIMESTAMP),
                new SameField(Event.LAST_TIMESTAMP, io.j8s.model.events.v1.Event.DEPRECATED_LAST_TIMESTAMP),
                new SameField(Event.COUNT, io.j8s.model.events.v1.Event.DEPRECATED_COUNT));
    }

    private static Event toCore(io.j8s.model.events.v1.Event event) {
        Struct.Builder core = new Struct.Builder(Event.TYPE);
        sameFields().forEach(same -> core.set(same.core(), event.get(same.renamed())));
        if (event.hasSeries()) {
            core.set(Event.SERIES, new Struct.Builder(EventSeries.TYPE)
                    .set(EventSeries.COUNT, event.series().get(io.j8s.model.events.v1.EventSeries.COUNT))
                    .set(EventSeries.LAST_OBSERVED_TIME, event.series().lastObservedTime())
                    .build());
        }
        return (Event) core.build();
    }

    private static io.j8s.model.events.v1.Event fromCore(Event core) {
        Struct.Builder event = new Struct.Builder(io.j8s.model.events.v1.Event.TYPE);
        sameFields().forEach(same -> event.set(same.renamed(), core.get(same.core())));
        if (core.hasSeries()) {
            event.set(io.j8s.model.events.v1.Event.SERIES, new Struct.Builder(io.j8s.model.events.v1.EventSeries.TYPE)
                    .set(io.j8s.model.events.v1.EventSeries.COUNT, core.series().get(EventSeries.COUNT))
                    .set(io.j8s.model.events.v1.EventSeries.LAST_OBSERVED_TIME, core.series().lastObservedTime())
                    .build());
        }
        return (io.j8s.model.events.v1.Event) event.build();
    }
}
