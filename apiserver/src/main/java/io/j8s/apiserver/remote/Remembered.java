package io.j8s.apiserver.remote;

import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers that hold for a while. At most so many are kept: those that were not asked for longest go first. Any thread.
public final class Remembered<K, V> {

    private final int most;
    private final Timeline timeline;
    /// Guarded by itself.
    private final LinkedHashMap<K, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);

    private record Entry<V>(V value, long endNanos) {}

    public Remembered(int most, Timeline timeline) {
        this.most = most;
        this.timeline = timeline;
    }

    public @Nullable V get(K key) {
        synchronized (entries) {
            Entry<V> entry = entries.get(key);
            if (entry == null) {
                return null;
            }
            if (entry.endNanos - timeline.nanoTime() > 0) {
                return entry.value;
            }
            entries.remove(key);
            return null;
        }
    }

    /// @param life zero: it is not kept
    public void put(K key, V value, Duration life) {
        if (life.isZero() || life.isNegative()) {
            return;
        }
        synchronized (entries) {
            entries.put(key, new Entry<>(value, timeline.nanoTime() + life.toNanos()));
            if (entries.size() > most) {
                Map.Entry<K, Entry<V>> oldest = entries.entrySet().iterator().next();
                entries.remove(oldest.getKey());
            }
        }
    }
}
