package io.j8s.client.informer;

import io.j8s.client.ObjectKey;
import io.j8s.model.Struct;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/// Finds the objects of an informer by values that a function reads from each. Reading is safe for any thread.
public final class Index<T extends Struct> {
    private final Function<T, Collection<String>> values;
    private final Map<String, ConcurrentNavigableMap<ObjectKey, T>> entries = new ConcurrentHashMap<>();

    Index(Function<T, Collection<String>> values) {
        this.values = values;
    }

    /// The objects with this value, ordered by namespace and name.
    public List<T> get(String value) {
        Map<ObjectKey, T> found = entries.get(value);
        return found == null ? List.of() : List.copyOf(found.values());
    }

    /// The values that occur now.
    public Set<String> values() {
        return Set.copyOf(entries.keySet());
    }

    void put(ObjectKey key, T object) {
        for (String value : values.apply(object)) {
            entries.computeIfAbsent(value, v -> new ConcurrentSkipListMap<>()).put(key, object);
        }
    }

    void replace(ObjectKey key, T before, T after) {
        Collection<String> now = values.apply(after);
        for (String value : values.apply(before)) {
            if (!now.contains(value)) {
                remove(value, key);
            }
        }
        put(key, after);
    }

    void remove(ObjectKey key, T object) {
        for (String value : values.apply(object)) {
            remove(value, key);
        }
    }

    private void remove(String value, ObjectKey key) {
        entries.computeIfPresent(value, (v, objects) -> {
            objects.remove(key);
            return objects.isEmpty() ? null : objects;
        });
    }
}
