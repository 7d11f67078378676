package io.j8s.client.informer;

import io.j8s.client.ObjectKey;
import io.j8s.model.Struct;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
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

    /// The objects with that one of these values which fewest have, ordered by namespace and name; none when nothing has one of them.
    ///
    /// @param of at least one
    public List<T> fewest(Collection<String> of) {
        List<ConcurrentNavigableMap<ObjectKey, T>> found = new ArrayList<>();
        for (String value : of) {
            ConcurrentNavigableMap<ObjectKey, T> objects = entries.get(value);
            if (objects == null) {
                return List.of();
            }
            found.add(objects);
        }
        return List.copyOf(found.size() == 1 ? found.getFirst().values() : shortest(found).values());
    }

    /// Walks all at the same pace (to count one takes as long as it is): the first that ends is the shortest.
    private static <T> Map<ObjectKey, T> shortest(List<ConcurrentNavigableMap<ObjectKey, T>> maps) {
        List<Iterator<T>> walks = maps.stream().map(map -> map.values().iterator()).toList();
        while (true) {
            for (int i = 0; i < maps.size(); i++) {
                if (!walks.get(i).hasNext()) {
                    return maps.get(i);
                }
                walks.get(i).next();
            }
        }
    }

    /// The values that occur now.
    public Set<String> values() {
        return Set.copyOf(entries.keySet());
    }

    void put(ObjectKey key, T object) {
        put(key, object, values.apply(object));
    }

    private void put(ObjectKey key, T object, Collection<String> its) {
        for (String value : its) {
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
        put(key, after, now);
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
