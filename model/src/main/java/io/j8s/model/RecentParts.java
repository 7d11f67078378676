package io.j8s.model;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Parts of bodies that were read lately, with the struct that came of them: clients send the same specification again and again, letter by letter. Who finds one reads nothing, and shares it.
/// Threads: any, without locks; a race costs reading it again.
final class RecentParts {

    private static final int PLACES = 16;
    /// Shorter ones are read as quickly.
    private static final int LEAST_BYTES = 128;
    private static final int MOST_BYTES = 16 * 1024;

    /// @param json an object, from brace to brace
    record Part(Type type, byte[] json, Struct value) {
        boolean standsAt(byte[] bytes, int start, int end) {
            return end - start >= json.length && Arrays.equals(bytes, start, start + json.length, json, 0, json.length);
        }
    }

    private final AtomicReferenceArray<@Nullable Part> parts = new AtomicReferenceArray<>(PLACES);
    private final AtomicInteger next = new AtomicInteger();

    /// The part of this type that begins here, or null when none of those that are known does. As it ends with the brace that closes it, what is found is all of the value.
    @Nullable Part at(Type type, byte[] bytes, int start, int end) {
        for (int place = 0; place < PLACES; place++) {
            Part part = parts.get(place);
            if (part != null && part.type.equals(type) && part.standsAt(bytes, start, end)) {
                return part;
            }
        }
        return null;
    }

    /// Remembers what was read without any finding.
    void add(Type type, byte[] bytes, int start, int end, Struct value) {
        if (end - start >= LEAST_BYTES && end - start <= MOST_BYTES) {
            parts.set(Math.floorMod(next.getAndIncrement(), PLACES), new Part(type, Arrays.copyOfRange(bytes, start, end), value));
        }
    }
}
