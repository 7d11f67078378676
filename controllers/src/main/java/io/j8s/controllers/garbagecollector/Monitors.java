package io.j8s.controllers.garbagecollector;

import io.j8s.client.ApiException;
import io.j8s.client.DiscoveredResource;
import io.j8s.client.Discovery;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.informer.Informers;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Feeds the graph from an informer of each resource that is served and can be deleted, listed and watched.
final class Monitors implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Monitors.class);
    private static final Set<String> IGNORED = Set.of("events", "events.events.k8s.io");

    private final Discovery discovery;
    private final Informers informers;
    private final Graph graph;
    // guarded by this
    private final Map<String, Monitor<?>> monitors = new HashMap<>();
    private volatile Map<String, ApiResource<? extends Struct>> byKind = Map.of();

    private record Monitor<T extends Struct>(ApiResource<T> resource, Informer<T> informer, Handler<T> handler) {
        void stop() {
            informer.removeHandler(handler);
        }
    }

    Monitors(Discovery discovery, Informers informers, Graph graph) {
        this.discovery = discovery;
        this.informers = informers;
        this.graph = graph;
    }

    /// Follows what is served now. A resource that only seems to be gone because its group cannot be asked is kept.
    synchronized void sync() {
        List<DiscoveredResource> resources;
        try {
            resources = discovery.resources();
        } catch (ApiException e) {
            if (Thread.currentThread().isInterrupted()) {
                return; // this loop is being stopped
            }
            LOG.atError().addKeyValue("err", e.getMessage()).log("The garbage collector could not find out what is served, will try again");
            return;
        }
        Map<String, ApiResource<? extends Struct>> kinds = new HashMap<>();
        Map<String, DiscoveredResource> wanted = new HashMap<>();
        for (DiscoveredResource each : resources) {
            kinds.put(each.resource().group() + "/" + each.resource().kind(), each.resource());
            if (each.supports("delete", "list", "watch") && !IGNORED.contains(each.resource().qualifiedName())) {
                wanted.put(each.resource().toString(), each);
            }
        }
        List<String> unavailable = discovery.unavailableGroups();
        for (Monitor<?> monitor : List.copyOf(monitors.values())) {
            if (!wanted.containsKey(monitor.resource.toString()) && !unavailable.contains(monitor.resource.apiVersion())) {
                monitors.remove(monitor.resource.toString());
                monitor.stop();
                informers.drop(monitor.resource);
                graph.removeKind(monitor.resource.apiVersion(), monitor.resource.kind());
            }
        }
        wanted.forEach((name, each) -> {
            if (!monitors.containsKey(name)) {
                monitors.put(name, watch(each.resource()));
            }
        });
        byKind = Map.copyOf(kinds);
    }

    private <T extends Struct> Monitor<T> watch(ApiResource<T> resource) {
        Handler<T> handler = new Handler<>() {
            @Override
            public void added(T object) {
                graph.put(resource.apiVersion(), resource.kind(), Objects.metadata(object));
            }

            @Override
            public void changed(T before, T after) {
                ObjectMeta was = Objects.metadata(before);
                ObjectMeta is = Objects.metadata(after);
                if (!was.uid().equals(is.uid())) {
                    graph.remove(was.uid());
                } else if (was.ownerReferences().equals(is.ownerReferences()) && was.finalizers().equals(is.finalizers()) && (was.deletionTimestamp() == null) == (is.deletionTimestamp() == null)) {
                    return;
                }
                graph.put(resource.apiVersion(), resource.kind(), is);
            }

            @Override
            public void deleted(T last) {
                graph.remove(Objects.metadata(last).uid());
            }
        };
        Informer<T> informer = informers.of(resource);
        informer.addHandler(handler);
        return new Monitor<>(resource, informer, handler);
    }

    /// The resource of a kind, whatever its version; null when none is served.
    @Nullable ApiResource<? extends Struct> resource(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return byKind.get((slash < 0 ? "" : apiVersion.substring(0, slash)) + "/" + kind);
    }

    /// Waits until the graph knows everything that existed.
    void awaitSynced() throws InterruptedException {
        List<Monitor<?>> all;
        synchronized (this) {
            all = new ArrayList<>(monitors.values());
        }
        for (Monitor<?> monitor : all) {
            monitor.informer.awaitSynced();
        }
    }

    @Override
    public synchronized void close() {
        monitors.values().forEach(Monitor::stop);
        monitors.clear();
    }
}
