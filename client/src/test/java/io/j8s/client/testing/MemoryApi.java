package io.j8s.client.testing;

import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.DiscoveredResource;
import io.j8s.client.Discovery;
import io.j8s.client.ListOptions;
import io.j8s.client.ObjectKey;
import io.j8s.client.Page;
import io.j8s.client.Patch;
import io.j8s.client.Watch;
import io.j8s.client.WatchEvent;
import io.j8s.client.ApiException;
import io.j8s.client.WriteOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.Status;
import io.j8s.model.selector.FieldSelector;
import io.j8s.model.selector.Selector;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A [Client] over maps, with the rules of an API server that machinery and controllers depend on: revisions and conflicts, watches and their expiry, generations, status apart
/// from the rest, finalizers, graceful deletion of pods, propagation policies, terminating namespaces. Calls can be made to fail or to take time, and are recorded.
public final class MemoryApi implements Client, Discovery {
    private static final Set<String> ORPHANING = Set.of("jobs.batch", "replicationcontrollers");
    private static final List<String> VERBS = List.of("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection");

    private final Timeline time;
    private final History history;
    private final Lifecycle lifecycle;
    private final Map<String, DiscoveredResource> served = new LinkedHashMap<>();
    private final List<Request> requests = new ArrayList<>();
    private final List<MemoryWatch<?>> watches = new ArrayList<>();
    private Request.Faults faults = request -> null;
    private Supplier<Duration> latency = () -> Duration.ZERO;
    private boolean streamsInitialEvents = true;

    public MemoryApi(Timeline time) {
        this.time = time;
        this.history = new History(time);
        this.lifecycle = new Lifecycle(time, history);
    }

    /// Decides from now on which calls fail.
    public void faults(Request.Faults decision) {
        faults = decision;
    }

    /// How long each call takes from now on.
    public void latency(Supplier<Duration> each) {
        latency = each;
    }

    /// Refuses watches with initial events, as older servers do.
    public void refuseInitialEvents() {
        streamsInitialEvents = false;
    }

    /// What discovery tells of.
    public void serve(ApiResource<?>... resources) {
        for (ApiResource<?> resource : resources) {
            served.put(resource.qualifiedName(), new DiscoveredResource(resource, Set.copyOf(VERBS)));
        }
    }

    /// Discovery no longer tells of it.
    public void unserve(ApiResource<?> resource) {
        served.remove(resource.qualifiedName());
    }

    @Override
    public List<DiscoveredResource> resources() {
        return List.copyOf(served.values());
    }

    /// The calls since the last time this was asked.
    public List<Request> takeRequests() {
        synchronized (history) {
            List<Request> taken = List.copyOf(requests);
            requests.clear();
            return taken;
        }
    }

    /// The writing calls since the last time calls were taken.
    public List<Request> takeWrites() {
        return takeRequests().stream().filter(Request::writes).toList();
    }

    /// All objects of a resource, without a call: takes no time, never fails, is not recorded.
    public <T extends Struct> List<T> peek(ApiResource<T> resource, String namespace) {
        synchronized (history) {
            return history.table(resource.qualifiedName()).entrySet().stream().filter(e -> namespace.isEmpty() || e.getKey().namespace().equals(namespace)).map(e -> cast(resource, e.getValue())).toList();
        }
    }

    /// Forgets old revisions: watches that are not at the newest must list again.
    public void compact() {
        synchronized (history) {
            history.compact();
        }
    }

    /// Ends all open watches with an error.
    public void breakWatches(ApiException error) {
        synchronized (history) {
            watches.forEach(watch -> watch.breakOff(error));
            watches.clear();
        }
    }

    @Override
    public <T extends Struct> T get(ApiResource<T> resource, String namespace, String name) {
        call(new Request("get", resource, "", namespace, name));
        synchronized (history) {
            return cast(resource, existing(resource, new ObjectKey(namespace, name)));
        }
    }

    @Override
    public <T extends Struct> Page<T> list(ApiResource<T> resource, String namespace, ListOptions options) {
        call(new Request("list", resource, "", namespace, ""));
        BiPredicate<ObjectKey, Struct> selected = selected(namespace, options);
        synchronized (history) {
            List<T> items = new ArrayList<>();
            String next = "";
            for (Map.Entry<ObjectKey, Struct> entry : history.table(resource.qualifiedName()).entrySet()) {
                if (!selected.test(entry.getKey(), entry.getValue()) || (!options.continueToken().isEmpty() && entry.getKey().toString().compareTo(options.continueToken()) <= 0)) {
                    continue;
                }
                if (options.limit() > 0 && items.size() == options.limit()) {
                    next = String.valueOf(keyOf(items.getLast()));
                    break;
                }
                items.add(cast(resource, entry.getValue()));
            }
            return new Page<>(items, Long.toString(history.revision()), next);
        }
    }

    @Override
    public <T extends Struct> Watch<T> watch(ApiResource<T> resource, String namespace, ListOptions options) {
        call(new Request("watch", resource, "", namespace, ""));
        boolean initial = Boolean.TRUE.equals(options.sendInitialEvents());
        if (initial && !streamsInitialEvents) {
            throw Refusals.refusal(422, "Invalid", "sendInitialEvents is forbidden for watch");
        }
        BiPredicate<ObjectKey, Struct> selected = selected(namespace, options);
        synchronized (history) {
            Deque<WatchEvent<T>> first = new ArrayDeque<>();
            long from = options.resourceVersion().isEmpty() ? history.revision() : Long.parseLong(options.resourceVersion());
            if (initial) {
                from = history.revision();
                history.table(resource.qualifiedName()).forEach((key, object) -> {
                    if (selected.test(key, object)) {
                        first.add(new WatchEvent.Added<>(cast(resource, object)));
                    }
                });
                first.add(new WatchEvent.Bookmark<>(Long.toString(from), true));
            }
            MemoryWatch<T> watch = new MemoryWatch<>(history, time, resource.qualifiedName(), selected, first, from, options.timeoutSeconds());
            watches.removeIf(MemoryWatch::closed);
            watches.add(watch);
            return watch;
        }
    }

    @Override
    public <T extends Struct> T create(ApiResource<T> resource, String namespace, T object, WriteOptions options) {
        ObjectMeta given = Objects.metadata(object);
        String name = !given.name().isEmpty() || given.generateName().isEmpty() ? given.name() : given.generateName() + suffix();
        call(new Request("create", resource, options.subresource(), namespace, name));
        synchronized (history) {
            ObjectKey key = new ObjectKey(resource.namespaced() ? namespace : "", name);
            if (history.table(resource.qualifiedName()).containsKey(key)) {
                throw Refusals.alreadyExists(resource, name);
            }
            lifecycle.checkNamespace(resource, key.namespace());
            ObjectMeta meta = given.withName(name).withUid(new UUID(time.random().nextLong(), time.random().nextLong()).toString()).withCreationTimestamp(time.now().truncatedTo(ChronoUnit.SECONDS));
            meta = Lifecycle.hasGeneration(object) ? meta.withGeneration(1L) : meta;
            meta = resource.namespaced() ? meta.withNamespace(namespace) : meta.withoutNamespace();
            return cast(resource, history.put(resource.qualifiedName(), key, lifecycle.prepare(resource, Objects.withMetadata(object, meta))));
        }
    }

    @Override
    public <T extends Struct> T update(ApiResource<T> resource, String namespace, T object, WriteOptions options) {
        ObjectKey key = new ObjectKey(namespace, Objects.metadata(object).name());
        call(new Request("update", resource, options.subresource(), namespace, key.name()));
        synchronized (history) {
            return cast(resource, write(resource, key, object, options.subresource()));
        }
    }

    private Struct write(ApiResource<?> resource, ObjectKey key, Struct object, String subresource) {
        Struct before = existing(resource, key);
        ObjectMeta was = Objects.metadata(before);
        ObjectMeta meta = Objects.metadata(object);
        if (!meta.resourceVersion().isEmpty() && !meta.resourceVersion().equals(was.resourceVersion())) {
            throw Refusals.conflict(resource, key);
        }
        if (!meta.uid().isEmpty() && !meta.uid().equals(was.uid())) {
            throw Refusals.conflict(resource, key);
        }
        if (subresource.equals("scale")) {
            return Scaling.read(lifecycle.update(resource, key, before, Scaling.applied(before, object), ""));
        }
        return lifecycle.update(resource, key, before, object, subresource);
    }

    @Override
    public <T extends Struct> T patch(ApiResource<T> resource, String namespace, String name, Patch patch, WriteOptions options) {
        ObjectKey key = new ObjectKey(namespace, name);
        call(new Request("patch", resource, options.subresource(), namespace, name));
        synchronized (history) {
            Struct before = existing(resource, key);
            Struct after = Patching.apply(before, patch);
            if (!Objects.metadata(after).uid().equals(Objects.metadata(before).uid())) {
                throw Refusals.refusal(422, "Invalid", "metadata.uid: field is immutable");
            }
            return cast(resource, write(resource, key, after, options.subresource()));
        }
    }

    @Override
    public <T extends Struct> Struct delete(ApiResource<T> resource, String namespace, String name, DeleteOptions options) {
        ObjectKey key = new ObjectKey(namespace, name);
        call(new Request("delete", resource, "", namespace, name));
        synchronized (history) {
            Struct object = existing(resource, key);
            ObjectMeta meta = Objects.metadata(object);
            if ((!options.uid().isEmpty() && !options.uid().equals(meta.uid())) || (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(meta.resourceVersion()))) {
                throw Refusals.conflict(resource, key);
            }
            String policy = options.propagationPolicy().isEmpty() && ORPHANING.contains(resource.qualifiedName()) ? "Orphan" : options.propagationPolicy();
            return options.dryRun() ? object : lifecycle.delete(resource, key, object, policy, options.gracePeriodSeconds());
        }
    }

    @Override
    public <T extends Struct> void deleteCollection(ApiResource<T> resource, String namespace, ListOptions which, DeleteOptions options) {
        call(new Request("deletecollection", resource, "", namespace, ""));
        BiPredicate<ObjectKey, Struct> selected = selected(namespace, which);
        synchronized (history) {
            for (Map.Entry<ObjectKey, Struct> entry : List.copyOf(history.table(resource.qualifiedName()).entrySet())) {
                if (selected.test(entry.getKey(), entry.getValue())) {
                    lifecycle.delete(resource, entry.getKey(), entry.getValue(), options.propagationPolicy(), options.gracePeriodSeconds());
                }
            }
        }
    }

    @Override
    public <T extends Struct> Struct createSubresource(ApiResource<T> resource, String namespace, String name, String subresource, Struct body, Type answer, WriteOptions options) {
        ObjectKey key = new ObjectKey(namespace, name);
        call(new Request("create", resource, subresource, namespace, name));
        synchronized (history) {
            Struct object = existing(resource, key);
            switch (subresource) {
                case "eviction" -> lifecycle.delete(resource, key, object, "", null);
                case "binding" -> lifecycle.bind(resource, key, object, body);
                default -> throw new IllegalArgumentException("this fixture knows the subresources eviction and binding, not " + subresource);
            }
            return Status.EMPTY.withStatus("Success").withCode(201);
        }
    }

    @Override
    public <T extends Struct> Struct getSubresource(ApiResource<T> resource, String namespace, String name, String subresource, Type answer) {
        call(new Request("get", resource, subresource, namespace, name));
        synchronized (history) {
            return Scaling.read(existing(resource, new ObjectKey(namespace, name)));
        }
    }

    private void call(Request request) {
        Duration span = latency.get();
        if (span.isPositive()) {
            try {
                time.sleep(span);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Refusals.refusal(504, "Timeout", "interrupted while waiting for an answer");
            }
        }
        synchronized (history) {
            requests.add(request);
        }
        ApiException refusal = faults.on(request);
        if (refusal != null) {
            throw refusal;
        }
    }

    private Struct existing(ApiResource<?> resource, ObjectKey key) {
        Struct object = history.table(resource.qualifiedName()).get(key);
        if (object == null) {
            throw Refusals.notFound(resource, key.name());
        }
        return object;
    }

    private static BiPredicate<ObjectKey, Struct> selected(String namespace, ListOptions options) {
        Selector labels = options.labelSelector().isEmpty() ? Selector.everything() : Selector.parse(options.labelSelector());
        FieldSelector fields = options.fieldSelector().isEmpty() ? FieldSelector.everything() : FieldSelector.parse(options.fieldSelector());
        return (key, object) -> (namespace.isEmpty() || namespace.equals(key.namespace()))
                && labels.matches(Objects.metadata(object).labels())
                && fields.matches(path -> text(Paths.get(object, path)));
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private String suffix() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            text.append("bcdfghjklmnpqrstvwxz2456789".charAt(time.random().nextInt(27)));
        }
        return text.toString();
    }

    private static ObjectKey keyOf(Struct object) {
        return new ObjectKey(Objects.metadata(object).namespace(), Objects.metadata(object).name());
    }

    @SuppressWarnings("unchecked") // the resource's type says what its objects are
    private static <T extends Struct> T cast(ApiResource<T> resource, Struct object) {
        return (T) object;
    }
}
