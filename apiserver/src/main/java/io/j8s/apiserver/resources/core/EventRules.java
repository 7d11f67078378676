package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Strategy;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Field;
import io.j8s.model.core.v1.Event;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules for events: lenient for those that are written as `v1`, strict for those of `events.k8s.io/v1`.
final class EventRules {

    private static final int MOST_CHARACTERS = 128;
    private static final int MOST_NOTE_CHARACTERS = 1024;
    private static final FieldPath INVOLVED_NAMESPACE = FieldPath.of("involvedObject").child("namespace");

    private EventRules() {}

    /// What both versions ask; they have different names for the field of the reporting controller.
    static void check(Event event, String controllerField, FieldErrors errors) {
        String namespace = event.metadata().namespace();
        String involved = event.involvedObject().namespace();
        if (event.eventTime() == null) {
            boolean agrees = involved.isEmpty() ? namespace.isEmpty() || namespace.equals("default") : namespace.equals(involved);
            if (!agrees) {
                errors.invalid(INVOLVED_NAMESPACE, involved, "does not match event.namespace");
            }
        } else {
            if (involved.isEmpty() && !namespace.equals("default") && !namespace.equals("kube-system")) {
                errors.invalid(INVOLVED_NAMESPACE, involved, "does not match event.namespace");
            }
            checkReport(event, controllerField, errors);
        }
        Names.dnsSubdomain(namespace).forEach(problem -> errors.invalid(FieldPath.of("namespace"), namespace, problem));
    }

    private static void checkReport(Event event, String controllerField, FieldErrors errors) {
        FieldPath controller = FieldPath.of(controllerField);
        if (event.reportingComponent().isEmpty()) {
            errors.required(controller);
        }
        Names.qualifiedName(event.reportingComponent()).forEach(problem -> errors.invalid(controller, event.reportingComponent(), problem));
        text("reportingInstance", event.reportingInstance(), errors);
        text("action", event.action(), errors);
        text("reason", event.reason(), errors);
        if (event.message().length() > MOST_NOTE_CHARACTERS) {
            errors.invalid(FieldPath.of("message"), "", "can have at most " + MOST_NOTE_CHARACTERS + " characters");
        }
    }

    private static void text(String field, String value, FieldErrors errors) {
        if (value.isEmpty()) {
            errors.required(FieldPath.of(field));
        }
        if (value.length() > MOST_CHARACTERS) {
            errors.invalid(FieldPath.of(field), "", "can have at most " + MOST_CHARACTERS + " characters");
        }
    }

    /// The rules of events.k8s.io/v1.
    static final class Strict implements Strategy.VersionRules<Event> {
        @Override
        public void check(Event event, @Nullable Event old, FieldErrors errors) {
            EventRules.check(event, "reportingController", errors);
            if (old == null) {
                checkNew(event, errors);
            } else {
                checkChange(event, old, errors);
            }
        }

        @Override
        public boolean checksMetadata() {
            return true;
        }
    }

    private static void checkNew(Event event, FieldErrors errors) {
        series(event, errors);
        if (event.eventTime() == null) {
            errors.required(FieldPath.of("eventTime"));
        }
        if (!Set.of("Normal", "Warning").contains(event.type())) {
            errors.invalid(FieldPath.of("type"), "", "has invalid value: " + event.type());
        }
        unset("firstTimestamp", event.firstTimestamp() != null, errors);
        unset("lastTimestamp", event.lastTimestamp() != null, errors);
        unset("count", event.count() != 0, errors);
        unset("source", !event.source().component().isEmpty() || !event.source().host().isEmpty(), errors);
    }

    private static void unset(String field, boolean set, FieldErrors errors) {
        if (set) {
            errors.invalid(FieldPath.of(field), "", "needs to be unset");
        }
    }

    private static void series(Event event, FieldErrors errors) {
        if (!event.hasSeries()) {
            return;
        }
        if (event.series().count() < 2) {
            errors.invalid(FieldPath.of("series").child("count"), "", "should be at least 2");
        }
        if (event.series().lastObservedTime() == null) {
            errors.required(FieldPath.of("series").child("lastObservedTime"));
        }
    }

    private static void checkChange(Event event, Event old, FieldErrors errors) {
        if (!event.series().equals(old.series()) || event.hasSeries() != old.hasSeries()) {
            series(event, errors);
        }
        List<Field> first = List.of(
                Event.INVOLVED_OBJECT, Event.REASON, Event.MESSAGE, Event.SOURCE, Event.FIRST_TIMESTAMP, Event.LAST_TIMESTAMP, Event.COUNT, Event.REASON, Event.TYPE_);
        first.forEach(field -> unchanged(event, old, field, field.name(), errors));
        if (!Objects.equals(micros(event), micros(old))) {
            unchanged(event, old, Event.EVENT_TIME, "eventTime", errors);
        }
        unchanged(event, old, Event.ACTION, "action", errors);
        unchanged(event, old, Event.RELATED, "related", errors);
        unchanged(event, old, Event.REPORTING_COMPONENT, "reportingController", errors);
        unchanged(event, old, Event.REPORTING_INSTANCE, "reportingInstance", errors);
    }

    private static java.time.@Nullable Instant micros(Event event) {
        java.time.Instant time = event.eventTime();
        return time == null ? null : time.truncatedTo(ChronoUnit.MICROS);
    }

    private static void unchanged(Event event, Event old, Field field, String name, FieldErrors errors) {
        errors.immutable(FieldPath.of(name), event.get(field), old.get(field));
    }
}
