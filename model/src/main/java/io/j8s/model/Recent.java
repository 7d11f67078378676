package io.j8s.model;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// What was worked out of a few values that came lately: found again when the very same object comes. Objects that are made from one template share its parts, so that much need be done only once.
/// Threads: any, without locks; a race costs working it out again.
///
/// @param <K> immutable
/// @param <V> immutable
public final class Recent<K, V> {

    private static final int PLACES = 16;

    private record Known<K, V>(K of, V result) {}

    private final AtomicReferenceArray<@Nullable Known<K, V>> known = new AtomicReferenceArray<>(PLACES);
    private final AtomicInteger next = new AtomicInteger();

    /// The result for this very object; null when it is not known any more.
    @SuppressWarnings("ReferenceEquality") // the very same object
    public @Nullable V of(K value) {
        for (int place = 0; place < PLACES; place++) {
            Known<K, V> one = known.get(place);
            if (one != null && one.of == value) {
                return one.result;
            }
        }
        return null;
    }

    /// Remembers a result in the place of the oldest.
    public V add(K value, V result) {
        known.set(Math.floorMod(next.getAndIncrement(), PLACES), new Known<>(value, result));
        return result;
    }
}
