package io.j8s.scheduler.why;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.ListOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Event;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads the cluster once for each kind of object, as far as the user may: what is forbidden is noted and taken as empty.
final class Reading {

    private final Client client;
    private final Map<String, List<? extends Struct>> lists = new HashMap<>();
    private final Set<String> forbidden = new TreeSet<>();

    Reading(Client client) {
        this.client = client;
    }

    /// What could not be read for want of rights.
    Set<String> forbidden() {
        return forbidden;
    }

    @SuppressWarnings("unchecked") // the key names the resource, whose type the list has
    <T extends Struct> List<T> all(ApiResource<T> resource, String namespace) {
        return (List<T>) lists.computeIfAbsent(resource.qualifiedName() + "/" + namespace, key -> {
            try {
                return client.list(resource, namespace, ListOptions.ALL).items();
            } catch (ApiException e) {
                note(resource, e);
                return List.<T>of();
            }
        });
    }

    <T extends Struct> @Nullable T one(ApiResource<T> resource, String namespace, String name) {
        try {
            return client.find(resource, namespace, name);
        } catch (ApiException e) {
            note(resource, e);
            return null;
        }
    }

    /// Whether an object is known not to be there: not when it may not be read.
    boolean isMissing(ApiResource<?> resource, String namespace, String name) {
        try {
            return client.find(resource, namespace, name) == null;
        } catch (ApiException e) {
            note(resource, e);
            return false;
        }
    }

    private void note(ApiResource<?> resource, ApiException e) {
        if (e.code() != 401 && e.code() != 403 && e.code() != 404) {
            throw e;
        }
        forbidden.add(resource.qualifiedName());
    }

    /// The events about an object, the newest first.
    List<Event> events(String namespace, String kind, String name) {
        return all(Event.RESOURCE, namespace).stream()
                .filter(event -> event.involvedObject().name().equals(name) && event.involvedObject().kind().equals(kind))
                .sorted(Comparator.comparing(Reading::time).reversed()).toList();
    }

    /// The newest event about an object for one of these reasons, or null.
    @Nullable Event event(String namespace, String kind, String name, Set<String> reasons) {
        return events(namespace, kind, name).stream().filter(event -> reasons.contains(event.reason())).findFirst().orElse(null);
    }

    private static Instant time(Event event) {
        Instant series = event.series().lastObservedTime();
        Instant last = series == null ? event.lastTimestamp() : series;
        Instant time = last == null ? event.eventTime() : last;
        Instant created = event.metadata().creationTimestamp();
        return time != null ? time : created == null ? Instant.EPOCH : created;
    }
}
