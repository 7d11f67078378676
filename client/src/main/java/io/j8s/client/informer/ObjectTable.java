package io.j8s.client.informer;

import io.j8s.client.ObjectKey;
import io.j8s.model.Struct;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The objects, their indexes and the handlers of an informer.
///
/// Changes and calls of handlers happen under the monitor, so that a handler that is added sees each change exactly once; readers take no lock.
final class ObjectTable<T extends Struct> implements Lister<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Informer.class);

    private final ConcurrentNavigableMap<ObjectKey, T> objects = new ConcurrentSkipListMap<>();
    private final Map<String, Index<T>> indexes = new HashMap<>();
    private final List<Handler<T>> handlers = new CopyOnWriteArrayList<>();

    synchronized void addHandler(Handler<T> handler) {
        handlers.add(handler);
        objects.values().forEach(object -> tell(handler, h -> h.added(object)));
    }

    void removeHandler(Handler<T> handler) {
        handlers.remove(handler);
    }

    synchronized Index<T> index(String name, Function<T, Collection<String>> values) {
        Index<T> known = indexes.get(name);
        if (known != null) {
            return known;
        }
        Index<T> index = new Index<>(values);
        objects.forEach(index::put);
        indexes.put(name, index);
        return index;
    }

    synchronized void put(ObjectKey key, T object) {
        T before = objects.put(key, object);
        if (before == null) {
            indexes.values().forEach(index -> index.put(key, object));
            tellAll(h -> h.added(object));
        } else {
            indexes.values().forEach(index -> index.replace(key, before, object));
            tellAll(h -> h.changed(before, object));
        }
    }

    synchronized void remove(ObjectKey key, T last) {
        T before = objects.remove(key);
        if (before != null) {
            indexes.values().forEach(index -> index.remove(key, before));
            tellAll(h -> h.deleted(last));
        }
    }

    synchronized void replace(Map<ObjectKey, T> found) {
        for (Map.Entry<ObjectKey, T> entry : List.copyOf(objects.entrySet())) {
            if (!found.containsKey(entry.getKey())) {
                remove(entry.getKey(), entry.getValue());
            }
        }
        found.forEach((key, object) -> {
            if (!object.equals(objects.get(key))) {
                put(key, object);
            }
        });
    }

    private void tellAll(Consumer<Handler<T>> event) {
        for (Handler<T> handler : handlers) {
            tell(handler, event);
        }
    }

    private void tell(Handler<T> handler, Consumer<Handler<T>> event) {
        try {
            event.accept(handler);
        } catch (RuntimeException e) {
            LOG.error("a handler of events failed", e);
        }
    }

    @Override
    public @Nullable T get(ObjectKey key) {
        return objects.get(key);
    }

    @Override
    public List<T> list() {
        return new ArrayList<>(objects.values());
    }

    @Override
    public List<T> list(String namespace) {
        return new ArrayList<>(objects.subMap(new ObjectKey(namespace, ""), new ObjectKey(namespace + '\0', "")).values());
    }

    @Override
    public int size() {
        return objects.size();
    }
}
