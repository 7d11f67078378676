package io.j8s.client.informer;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.ListOptions;
import io.j8s.client.ObjectKey;
import io.j8s.client.Page;
import io.j8s.client.Watch;
import io.j8s.client.WatchEvent;
import io.j8s.client.queue.Backoff;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.Status;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Keeps a local copy of one resource (or of a selection of it), and tells handlers of every change.
///
/// One task lists and watches; it starts over with growing pauses whenever the server cannot be reached, and lists again when its revision is too old.
/// There is no periodic resync: every event is delivered, and a handler that comes late is told of everything that is there.
/// The copy only moves forward within one server's history.
public final class Informer<T extends Struct> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Informer.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(800);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration FORGET_FAILURES = Duration.ofMinutes(2);
    private static final int WATCH_SECONDS = 300;
    private static final int LIST_PAGE = 500;

    private final Client client;
    private final Timeline time;
    private final ApiResource<T> resource;
    private final String namespace;
    private final ListOptions selection;
    private final Gate progress;
    private final ObjectTable<T> table = new ObjectTable<>();
    private volatile boolean synced;
    private volatile String revision = "";
    private volatile @Nullable Watch<T> current;
    private volatile boolean closed;
    private boolean streamsInitialEvents = true;
    private @Nullable Task task;

    /// @param namespace empty for all
    /// @param selection only its selectors count
    public Informer(Client client, Timeline time, ApiResource<T> resource, String namespace, ListOptions selection) {
        this.client = client;
        this.time = time;
        this.resource = resource;
        this.namespace = namespace;
        this.selection = new ListOptions(selection.labelSelector(), selection.fieldSelector(), "", "", 0, "", false, null, 0);
        this.progress = time.gate();
    }

    public Informer(Client client, Timeline time, ApiResource<T> resource) {
        this(client, time, resource, "", ListOptions.ALL);
    }

    public ApiResource<T> resource() {
        return resource;
    }

    /// Begins to list and watch. Later calls do nothing.
    public synchronized void start() {
        if (task == null && !closed) {
            task = time.start("informer-" + resource.qualifiedName(), this::run);
        }
    }

    /// Whether everything that existed when it started has been delivered.
    public boolean synced() {
        return synced;
    }

    /// Waits until [#synced].
    public void awaitSynced() throws InterruptedException {
        progress.await(() -> synced || closed);
    }

    /// Whether the copy is at least as new as a write that answered this resourceVersion.
    public boolean sees(String resourceVersion) {
        return synced && Revisions.compare(revision, resourceVersion) >= 0;
    }

    /// The revision that the copy has reached; empty before the first list.
    public String revision() {
        return revision;
    }

    /// The local copy.
    public Lister<T> lister() {
        return table;
    }

    /// Adds a handler at any time: it is told of all that is there, and then of every change, with no gap between.
    public void addHandler(Handler<T> handler) {
        table.addHandler(handler);
    }

    public void removeHandler(Handler<T> handler) {
        table.removeHandler(handler);
    }

    /// An index, shared by all who ask for the same name; the first to ask says by which values.
    public Index<T> index(String name, Function<T, Collection<String>> values) {
        return table.index(name, values);
    }

    /// Stops watching and waits for the end of its task. The copy stays readable.
    @Override
    public void close() {
        Task running;
        synchronized (this) {
            closed = true;
            running = task;
        }
        Watch<T> watch = current;
        if (watch != null) {
            watch.close();
        }
        if (running != null) {
            running.close();
        }
        progress.signal();
    }

    private void run() throws InterruptedException {
        Backoff pauses = new Backoff(time, FIRST_PAUSE, LONGEST_PAUSE, FORGET_FAILURES, 1.0);
        boolean filled = false;
        while (!closed) {
            try {
                long began = time.nanoTime();
                try (Watch<T> watch = filled ? open(selection.from(revision)) : fill()) {
                    filled = true;
                    follow(watch);
                }
                if (time.nanoTime() - began < Duration.ofSeconds(1).toNanos()) {
                    time.sleep(pauses.next());
                }
            } catch (ApiException e) {
                if (closed) {
                    return;
                }
                filled &= !e.isExpired();
                LOG.atLevel(e.code() == 401 || e.code() == 403 ? Level.WARN : Level.DEBUG).addKeyValue("resource", resource.qualifiedName()).addKeyValue("code", e.code()).addKeyValue("err", e.getMessage()).log("Watch broke off, will try again");
                time.sleep(pauses.next());
            } catch (RuntimeException e) {
                if (closed) {
                    return;
                }
                LOG.atError().setCause(e).addKeyValue("resource", resource.qualifiedName()).log("Informer failed, will list again");
                filled = false;
                time.sleep(pauses.next());
            }
        }
    }

    /// Brings the copy up to what exists, and answers a watch that goes on from there.
    private Watch<T> fill() throws InterruptedException {
        if (streamsInitialEvents) {
            Watch<T> watch = null;
            try {
                watch = open(selection.withInitialEvents());
                fillFrom(watch);
                return watch;
            } catch (ApiException e) {
                if (watch != null) {
                    watch.close();
                }
                if (e.code() != 400 && e.code() != 422) {
                    throw e;
                }
                streamsInitialEvents = false;
            }
        }
        fillFromList();
        return open(selection.from(revision));
    }

    private void fillFrom(Watch<T> watch) throws InterruptedException {
        Map<ObjectKey, T> found = new LinkedHashMap<>();
        for (WatchEvent<T> event = watch.next(); event != null; event = watch.next()) {
            switch (event) {
                case WatchEvent.Added<T>(var object) -> found.put(keyOf(object), object);
                case WatchEvent.Modified<T>(var object) -> found.put(keyOf(object), object);
                case WatchEvent.Deleted<T>(var object) -> found.remove(keyOf(object));
                case WatchEvent.Failed<T>(var error) -> throw error;
                case WatchEvent.Bookmark<T>(var at, var initialEventsEnd) -> {
                    if (initialEventsEnd) {
                        replace(found, at);
                        return;
                    }
                }
            }
        }
        throw new ApiException(503, "ServiceUnavailable", "the watch of " + resource + " ended before it had sent what exists", Status.EMPTY);
    }

    private void fillFromList() {
        Map<ObjectKey, T> found = new LinkedHashMap<>();
        ListOptions options = selection.page(LIST_PAGE, "");
        while (true) {
            Page<T> page = client.list(resource, namespace, options);
            page.items().forEach(object -> found.put(keyOf(object), object));
            if (page.next().isEmpty()) {
                replace(found, page.resourceVersion());
                return;
            }
            options = options.page(LIST_PAGE, page.next());
        }
    }

    private void replace(Map<ObjectKey, T> found, String at) {
        table.replace(found);
        revision = at;
        synced = true;
        progress.signal();
    }

    private Watch<T> open(ListOptions options) {
        Watch<T> watch = client.watch(resource, namespace, options.endingAfter(WATCH_SECONDS + time.random().nextInt(WATCH_SECONDS)));
        current = watch;
        if (closed) {
            watch.close();
        }
        return watch;
    }

    private void follow(Watch<T> watch) throws InterruptedException {
        for (WatchEvent<T> event = watch.next(); event != null; event = watch.next()) {
            switch (event) {
                case WatchEvent.Added<T>(var object) -> put(object);
                case WatchEvent.Modified<T>(var object) -> put(object);
                case WatchEvent.Deleted<T>(var object) -> {
                    table.remove(keyOf(object), object);
                    reached(Objects.metadata(object).resourceVersion());
                }
                case WatchEvent.Failed<T>(var error) -> throw error;
                case WatchEvent.Bookmark<T>(var at, var initialEventsEnd) -> reached(at);
            }
        }
    }

    private void put(T object) {
        table.put(keyOf(object), object);
        reached(Objects.metadata(object).resourceVersion());
    }

    private void reached(String at) {
        revision = at;
        progress.signal();
    }

    private static ObjectKey keyOf(Struct object) {
        ObjectMeta metadata = Objects.metadata(object);
        return new ObjectKey(metadata.namespace(), metadata.name());
    }
}
