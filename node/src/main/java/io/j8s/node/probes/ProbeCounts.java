package io.j8s.node.probes;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/// How often each probe had which result, until its pod is gone (`/metrics/probes`). Any thread.
public final class ProbeCounts {
    private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();

    /// @param type `Startup`, `Readiness` or `Liveness`
    /// @param result `successful`, `failed` or `unknown`
    public record Key(String container, String namespace, String pod, String podUid, String type, String result) {}

    public void count(Key key) {
        counts.computeIfAbsent(key, k -> new LongAdder()).increment();
    }

    public void forget(String podUid) {
        counts.keySet().removeIf(key -> key.podUid().equals(podUid));
    }

    public void each(BiConsumer<Key, Long> taker) {
        counts.forEach((key, count) -> taker.accept(key, count.sum()));
    }
}
