package io.j8s.apiserver.flow;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What became of the requests of one FlowSchema in one level. Any thread.
final class SchemaCounts {
    final LongAdder dispatched = new LongAdder();
    final LongAdder executing = new LongAdder();
    final LongAdder seats = new LongAdder();
    final LongAdder waiting = new LongAdder();
    /// By reason: `queue-full`, `concurrency-limit`, `time-out`, `cancelled`.
    final Map<String, LongAdder> rejected = new ConcurrentHashMap<>();

    void reject(String reason) {
        rejected.computeIfAbsent(reason, key -> new LongAdder()).increment();
    }
}
