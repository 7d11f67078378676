package io.j8s.model;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// An immutable map from strings in one array: small, and walked in order. Maps of API types are sorted by key, which is the order upstream writes;
/// plain JSON objects keep the order they came in. Lookup is a binary search where the keys are sorted, a walk where they are not.
final class CompactMap<V> extends AbstractMap<String, V> {

    private static final CompactMap<Object> EMPTY = new CompactMap<>(new Object[0], true);

    /// keys at even places, their values after them
    private final Object[] pairs;
    private final boolean sorted;

    private CompactMap(Object[] pairs, boolean sorted) {
        this.pairs = pairs;
        this.sorted = sorted;
    }

    @SuppressWarnings("unchecked")
    static <V> CompactMap<V> empty() {
        return (CompactMap<V>) EMPTY;
    }

    /// The same entries, sorted by key.
    @SuppressWarnings("unchecked")
    static <V> CompactMap<V> sorted(Map<?, ? extends V> map) {
        if (map instanceof CompactMap<?> compact && compact.sorted) {
            return (CompactMap<V>) compact;
        }
        Collector collector = new Collector();
        map.forEach((key, value) -> collector.add((String) key, value));
        return collector.sorted();
    }

    @Override
    public int size() {
        return pairs.length / 2;
    }

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable V get(@Nullable Object key) {
        int place = key instanceof String text ? place(text) : -1;
        return place < 0 ? null : (V) pairs[place * 2 + 1];
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key instanceof String text && place(text) >= 0;
    }

    private int place(String key) {
        if (sorted && pairs.length > 8) {
            return search(key);
        }
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(key)) {
                return i >> 1;
            }
        }
        return -1;
    }

    private int search(String key) {
        int low = 0;
        int high = size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = ((String) pairs[middle * 2]).compareTo(key);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    String keyAt(int place) {
        return (String) pairs[place * 2];
    }

    Object valueAt(int place) {
        return pairs[place * 2 + 1];
    }

    @Override
    @SuppressWarnings("unchecked")
    public void forEach(BiConsumer<? super String, ? super V> action) {
        for (int i = 0; i < pairs.length; i += 2) {
            action.accept((String) pairs[i], (V) pairs[i + 1]);
        }
    }

    @Override
    public Set<Entry<String, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return CompactMap.this.size();
            }

            @Override
            public Iterator<Entry<String, V>> iterator() {
                return new Entries();
            }
        };
    }

    private final class Entries implements Iterator<Entry<String, V>> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < pairs.length;
        }

        @Override
        @SuppressWarnings("unchecked")
        public Entry<String, V> next() {
            if (next >= pairs.length) {
                throw new NoSuchElementException();
            }
            Entry<String, V> entry = new SimpleImmutableEntry<>((String) pairs[next], (V) pairs[next + 1]);
            next += 2;
            return entry;
        }
    }

    /// Gathers entries; the last of equal keys wins. Not for sharing between threads.
    static final class Collector {
        private Object[] pairs = new Object[8];
        private int length;
        private boolean ascending = true;

        void add(String key, Object value) {
            if (length == pairs.length) {
                pairs = Arrays.copyOf(pairs, length * 2);
            }
            if (length > 0 && ascending && ((String) pairs[length - 2]).compareTo(key) >= 0) {
                ascending = false;
            }
            pairs[length++] = key;
            pairs[length++] = value;
        }

        /// The keys that were added more than once.
        Set<String> repeated() {
            Set<String> seen = new HashSet<>();
            Set<String> repeated = new LinkedHashSet<>();
            for (int i = 0; !ascending && i < length; i += 2) {
                if (!seen.add((String) pairs[i])) {
                    repeated.add((String) pairs[i]);
                }
            }
            return repeated;
        }

        <V> CompactMap<V> inOrder() {
            if (length == 0) {
                return empty();
            }
            if (ascending) {
                return new CompactMap<>(Arrays.copyOf(pairs, length), true);
            }
            Map<String, Object> unique = LinkedHashMap.newLinkedHashMap(length / 2);
            for (int i = 0; i < length; i += 2) {
                unique.put((String) pairs[i], pairs[i + 1]);
            }
            return new CompactMap<>(flat(unique), false);
        }

        <V> CompactMap<V> sorted() {
            if (ascending) {
                return inOrder();
            }
            Map<String, Object> unique = new TreeMap<>();
            for (int i = 0; i < length; i += 2) {
                unique.put((String) pairs[i], pairs[i + 1]);
            }
            return new CompactMap<>(flat(unique), true);
        }

        private static Object[] flat(Map<String, Object> map) {
            Object[] flat = new Object[map.size() * 2];
            int place = 0;
            for (Entry<String, Object> entry : map.entrySet()) {
                flat[place++] = entry.getKey();
                flat[place++] = entry.getValue();
            }
            return flat;
        }
    }
}
