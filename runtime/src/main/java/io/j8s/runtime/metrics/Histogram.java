package io.j8s.runtime.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/// A family of distributions: how many observations were at most each bound, how many there were, and their sum. Any thread.
public final class Histogram implements Family {
    private static final double NANOS = 1e9;
    private final String name;
    private final String help;
    private final Labels labels;
    private final double[] bounds;
    private final Map<List<String>, Cells> series = new ConcurrentHashMap<>();

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
    public void write(StringBuilder out) {
        Family.head(out, name, help, "histogram");
        series.forEach((values, cells) -> {
            long count = 0;
            for (int i = 0; i <= bounds.length; i++) {
                count += cells.counts[i].sum();
                out.append(name).append("_bucket");
                labels.write(out, values, "le", i == bounds.length ? "+Inf" : Family.number(bounds[i]));
                out.append(' ').append(count).append('\n');
            }
            out.append(name).append("_sum");
            labels.write(out, values, "", "");
            out.append(' ').append(Family.number(cells.sum.sum())).append('\n');
            out.append(name).append("_count");
            labels.write(out, values, "", "");
            out.append(' ').append(count).append('\n');
        });
    }
}
