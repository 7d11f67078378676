package io.j8s.runtime.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// A family of counts that only grow. Any thread.
public final class Counter implements Family {
    private final String name;
    private final String help;
    private final Labels labels;
    private final Map<List<String>, LongAdder> series = new ConcurrentHashMap<>();

    Counter(String name, String help, Labels labels) {
        this.name = name;
        this.help = help;
        this.labels = labels;
        if (labels.names().isEmpty()) {
            series.put(List.of(), new LongAdder()); // there from the beginning
        }
    }

    public void increment(String... values) {
        add(1, values);
    }

    public void add(long amount, String... values) {
        series.computeIfAbsent(labels.series(name, values), key -> new LongAdder()).add(amount);
    }

    /// One series, to be kept by whoever counts often.
    public Series at(String... values) {
        return new Series(series.computeIfAbsent(labels.series(name, values), key -> new LongAdder()));
    }

    /// A count.
    public static final class Series {
        private final LongAdder count;

        Series(LongAdder count) {
            this.count = count;
        }

        public void increment() {
            count.increment();
        }

        public void add(long amount) {
            count.add(amount);
        }
    }

    /// What was counted so far.
    public long value(String... values) {
        LongAdder count = series.get(labels.series(name, values));
        return count == null ? 0 : count.sum();
    }

    @Override
    public String help() {
        return help;
    }

    @Override
    public void reset() {
        series.values().forEach(LongAdder::reset);
    }

    @Override
    public void write(StringBuilder out) {
        if (series.isEmpty()) {
            return;
        }
        Family.head(out, name, help, "counter");
        series.forEach((values, count) -> {
            out.append(name);
            labels.write(out, values, "", "");
            out.append(' ').append(count.sum()).append('\n');
        });
    }
}
