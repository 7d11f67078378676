package io.j8s.apiserver.customresources;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// What was worked out of objects, as long as those objects live. They are told apart by identity. Any thread.
///
/// @param <K> what it was worked out of; the value must not hold it
final class WeakMemory<K, V> {

    private final ConcurrentMap<Key<K>, V> values = new ConcurrentHashMap<>();
    private final ReferenceQueue<K> gone = new ReferenceQueue<>();

    private static final class Key<K> extends WeakReference<K> {
        private final int hash;

        Key(K object, @Nullable ReferenceQueue<K> queue) {
            super(object, queue);
            this.hash = System.identityHashCode(object);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other || (other instanceof Key<?> key && get() instanceof K object && key.get() == object);
        }
    }

    @Nullable V get(K object) {
        return values.get(new Key<>(object, null));
    }

    void put(K object, V value) {
        for (Reference<? extends K> old = gone.poll(); old != null; old = gone.poll()) {
            values.remove(old);
        }
        values.put(new Key<>(object, gone), value);
    }
}
