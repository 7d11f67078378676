package io.j8s.client.informer;

import io.j8s.client.Client;
import io.j8s.client.ListOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import io.j8s.runtime.Timeline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The informers of a component: one for each resource or selection, however many parts ask for it.
public final class Informers implements AutoCloseable {
    private final Client client;
    private final Timeline time;
    // guarded by this
    private final Map<Selection, Informer<?>> informers = new LinkedHashMap<>();
    private boolean started;
    private boolean closed;

    private record Selection(ApiResource<?> resource, String namespace, ListOptions options) {}

    public Informers(Client client, Timeline time) {
        this.client = client;
        this.time = time;
    }

    /// The informer of all objects of a resource.
    public <T extends Struct> Informer<T> of(ApiResource<T> resource) {
        return of(resource, "", ListOptions.ALL);
    }

    /// The informer of a selection of a resource.
    @SuppressWarnings("unchecked") // the key holds the resource, whose type parameter is the informer's
    public synchronized <T extends Struct> Informer<T> of(ApiResource<T> resource, String namespace, ListOptions selection) {
        if (closed) {
            throw new IllegalStateException("the informers are closed; " + resource + " can no longer be watched");
        }
        Informer<?> informer = informers.get(new Selection(resource, namespace, selection));
        if (informer == null) {
            informer = new Informer<>(client, time, resource, namespace, selection);
            informers.put(new Selection(resource, namespace, selection), informer);
            if (started) {
                informer.start();
            }
        }
        return (Informer<T>) informer;
    }

    /// Starts all informers, and from now on each when it is first asked for.
    public synchronized void start() {
        started = true;
        informers.values().forEach(Informer::start);
    }

    /// Waits until all informers that were asked for so far are synced.
    public void awaitSynced() throws InterruptedException {
        List<Informer<?>> all;
        synchronized (this) {
            all = List.copyOf(informers.values());
        }
        for (Informer<?> informer : all) {
            informer.awaitSynced();
        }
    }

    /// Ends one informer of all objects of a resource, if there is one: its resource is no longer served.
    public void drop(ApiResource<?> resource) {
        Informer<?> dropped;
        synchronized (this) {
            dropped = informers.remove(new Selection(resource, "", ListOptions.ALL));
        }
        if (dropped != null) {
            dropped.close();
        }
    }

    @Override
    public void close() {
        List<Informer<?>> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(informers.values());
            informers.clear();
        }
        all.reversed().forEach(Informer::close);
    }
}
