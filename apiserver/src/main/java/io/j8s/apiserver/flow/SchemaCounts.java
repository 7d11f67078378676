package io.j8s.apiserver.flow;

import io.j8s.runtime.metrics.Histogram;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// What became of the requests of one FlowSchema in one level. Any thread.
final class SchemaCounts {
    final LongAdder dispatched = new LongAdder();
    final LongAdder executing = new LongAdder();
    final LongAdder seats = new LongAdder();
    final LongAdder waiting = new LongAdder();
    final LongAdder waitingSeats = new LongAdder();
    /// By reason: `queue-full`, `concurrency-limit`, `time-out`, `cancelled`.
    final Map<String, LongAdder> rejected = new ConcurrentHashMap<>();

    final Histogram.@Nullable Series waits;
    final Histogram.@Nullable Series refusedWaits;
    final Histogram.@Nullable Series runs;
    final Histogram.@Nullable Series widths;
    final Histogram.@Nullable Series lengths;

    /// @param waits, refusedWaits how long requests wait that run in the end, or do not
    /// @param runs how long they run
    /// @param widths how many seats they need
    /// @param lengths how many wait in a flow's queue when a request has joined it
    SchemaCounts(Histogram.@Nullable Series waits, Histogram.@Nullable Series refusedWaits, Histogram.@Nullable Series runs, Histogram.@Nullable Series widths,
            Histogram.@Nullable Series lengths) {
        this.widths = widths;
        this.lengths = lengths;
        this.waits = waits;
        this.refusedWaits = refusedWaits;
        this.runs = runs;
    }

    static void observe(Histogram.@Nullable Series times, long nanos) {
        if (times != null) {
            times.nanos(nanos);
        }
    }

    static void observe(Histogram.@Nullable Series sizes, int size) {
        if (sizes != null) {
            sizes.observe(size);
        }
    }

    void reject(String reason) {
        rejected.computeIfAbsent(reason, key -> new LongAdder()).increment();
    }
}
