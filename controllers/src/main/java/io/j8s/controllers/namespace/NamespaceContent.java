package io.j8s.controllers.namespace;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.DiscoveredResource;
import io.j8s.client.Discovery;
import io.j8s.client.ListOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Deletes everything in a namespace: pods first, the rest when they are gone.
final class NamespaceContent {
    private static final long FINALIZER_SECONDS = 15;
    private static final DeleteOptions BACKGROUND = DeleteOptions.DEFAULT.propagating("Background");

    private final Client client;
    private final Discovery discovery;
    private final String namespace;
    private final Duration sinceDeletion;
    private final List<String> errors = new ArrayList<>();
    private final Map<String, Integer> remaining = new TreeMap<>();
    private final Map<String, Integer> finalizers = new TreeMap<>();
    private String discoveryError = "";
    private boolean complete;
    private long seconds;

    NamespaceContent(Client client, Discovery discovery, String namespace, Instant deleted, Instant now) {
        this.client = client;
        this.discovery = discovery;
        this.namespace = namespace;
        this.sinceDeletion = Duration.between(deleted, now);
    }

    /// Deletes as much as can be deleted now.
    void delete() {
        List<DiscoveredResource> resources;
        try {
            resources = discovery.resources().stream().filter(r -> r.resource().namespaced() && r.supports("delete")).toList();
            List<String> unavailable = discovery.unavailableGroups();
            if (!unavailable.isEmpty()) {
                discoveryError = "Discovery failed for some groups, " + unavailable.size() + " failing: " + String.join(", ", unavailable);
            }
        } catch (ApiException e) {
            discoveryError = String.valueOf(e.getMessage());
            return;
        }
        resources.stream().filter(NamespaceContent::pods).forEach(this::delete);
        if (!remaining.isEmpty() || !errors.isEmpty()) {
            return;
        }
        resources.stream().filter(r -> !pods(r)).forEach(this::delete);
        complete = true;
    }

    private static boolean pods(DiscoveredResource resource) {
        return resource.resource().qualifiedName().equals("pods");
    }

    private void delete(DiscoveredResource resource) {
        try {
            delete(resource.resource(), resource);
        } catch (ApiException e) {
            if (e.code() != 404 && e.code() != 405) {
                errors.add(resource.resource() + ": " + e.getMessage());
            }
        }
    }

    private <T extends Struct> void delete(ApiResource<T> resource, DiscoveredResource discovered) {
        List<T> items = discovered.supports("list") ? client.list(resource, namespace) : List.of();
        if (discovered.supports("list") && items.isEmpty()) {
            return;
        }
        long estimate = pods(discovered) ? grace(items) : 0;
        estimate = sinceDeletion.toSeconds() >= estimate ? 0 : estimate;
        if (discovered.supports("deletecollection")) {
            client.deleteCollection(resource, namespace, ListOptions.ALL, BACKGROUND);
        } else {
            items.forEach(item -> deleteOne(resource, Objects.metadata(item).name()));
        }
        if (!discovered.supports("list")) {
            return;
        }
        List<T> left = client.list(resource, namespace);
        if (left.isEmpty()) {
            return;
        }
        remaining.put(resource.plural() + "." + resource.group(), left.size());
        boolean finalized = false;
        for (T item : left) {
            ObjectMeta meta = Objects.metadata(item);
            meta.finalizers().forEach(finalizer -> finalizers.merge(finalizer, 1, Integer::sum));
            finalized |= !meta.finalizers().isEmpty();
        }
        seconds = Math.max(seconds, estimate != 0 ? estimate : finalized ? FINALIZER_SECONDS : 1);
        if (estimate == 0 && !finalized) {
            errors.add("unexpected items still remain in namespace: " + namespace + " for " + resource);
        }
    }

    private <T extends Struct> void deleteOne(ApiResource<T> resource, String name) {
        try {
            client.delete(resource, namespace, name, BACKGROUND);
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    private static long grace(List<? extends Struct> pods) {
        long longest = 0;
        for (Struct each : pods) {
            if (each instanceof Pod pod && !pod.status().phase().equals("Succeeded") && !pod.status().phase().equals("Failed")) {
                longest = Math.max(longest, pod.spec().terminationGracePeriodSeconds());
            }
        }
        return longest;
    }

    boolean empty() {
        return complete && remaining.isEmpty() && errors.isEmpty() && discoveryError.isEmpty();
    }

    /// How long the rest may take.
    Duration estimate() {
        return Duration.ofSeconds(Math.max(1, seconds / 2 + 1));
    }

    String discoveryError() {
        return discoveryError;
    }

    List<String> errors() {
        return errors;
    }

    /// How many objects are left, by `plural.group`.
    Map<String, Integer> remaining() {
        return remaining;
    }

    /// How many objects wait for each finalizer.
    Map<String, Integer> finalizers() {
        return finalizers;
    }
}
