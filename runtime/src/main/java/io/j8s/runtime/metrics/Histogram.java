package io.j8s.runtime.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// A family of distributions: how many observations were at most each bound, how many there were, and their sum. Any thread.
public final class Histogram implements Family {
    private static final double NANOS = 1e9;
    private final String name;
    private final String help;
    private final Labels labels;
    private final double[] bounds;
    private final Map<List<String>, Cells> series = new ConcurrentHashMap<>();

    private volatile Supplier<Map<List<String>, Observed>> elsewhere = Map::of;

    /// What was observed elsewhere.
    ///
    /// @param counts for each bound how many were not beyond it, but beyond the one before; and at the end those beyond all
    public record Observed(long[] counts, double sum) {
        public Observed {
            counts = counts.clone();
        }
    }

    /// Gives the family all series that the source names, by the values of their labels in order.
    public void ofAll(Supplier<Map<List<String>, Observed>> source) {
        elsewhere = source;
    }

    /// Counts of one series; the last cell is for what is beyond all bounds.
    private record Cells(LongAdder[] counts, DoubleAdder sum) {
        static Cells of(int bounds) {
            LongAdder[] counts = new LongAdder[bounds + 1];
            Arrays.setAll(counts, i -> new LongAdder());
            return new Cells(counts, new DoubleAdder());
        }
    }

    Histogram(String name, String help, Labels labels, double[] bounds) {
        this.name = name;
        this.help = help;
        this.labels = labels;
        this.bounds = bounds.clone();
        if (labels.names().isEmpty()) {
            series.put(List.of(), Cells.of(bounds.length)); // there from the beginning
        }
    }

    /// Observes a span, in seconds.
    public void observe(Duration span, String... values) {
        observe(span.toNanos() / NANOS, values);
    }

    public void observe(double value, String... values) {
        at(values).observe(value);
    }

    /// One series, to be kept by whoever observes often.
    public Series at(String... values) {
        return new Series(bounds, series.computeIfAbsent(labels.series(name, values), key -> Cells.of(bounds.length)));
    }

    /// A distribution.
    public static final class Series {
        private final double[] bounds;
        private final Cells cells;

        private Series(double[] bounds, Cells cells) {
            this.bounds = bounds;
            this.cells = cells;
        }

        public void observe(double value) {
            int at = 0;
            while (at < bounds.length && value > bounds[at]) {
                at++;
            }
            cells.counts[at].increment();
            cells.sum.add(value);
        }

        /// Observes a span, in seconds.
        public void nanos(long span) {
            observe(span / NANOS);
        }
    }

    @Override
    public String help() {
        return help;
    }

    @Override
    public void reset() {
        series.values().forEach(cells -> {
            Arrays.stream(cells.counts).forEach(LongAdder::reset);
            cells.sum.reset();
        });
    }

    @Override
    public void write(StringBuilder out) {
        Map<List<String>, Observed> more = elsewhere.get();
        if (series.isEmpty() && more.isEmpty()) {
            return;
        }
        Family.head(out, name, help, "histogram");
        series.forEach((values, cells) -> write(out, values, new Observed(Arrays.stream(cells.counts).mapToLong(LongAdder::sum).toArray(), cells.sum.sum())));
        more.forEach((values, observed) -> write(out, values, observed));
    }

    private void write(StringBuilder out, List<String> values, Observed observed) {
        long count = 0;
        for (int i = 0; i <= bounds.length; i++) {
            count += observed.counts[i];
            out.append(name).append("_bucket");
            labels.write(out, values, "le", i == bounds.length ? "+Inf" : Family.number(bounds[i]));
            out.append(' ').append(count).append('\n');
        }
        out.append(name).append("_sum");
        labels.write(out, values, "", "");
        out.append(' ').append(Family.number(observed.sum)).append('\n');
        out.append(name).append("_count");
        labels.write(out, values, "", "");
        out.append(' ').append(count).append('\n');
    }
}
