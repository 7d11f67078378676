package io.j8s.runtime.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// A family of values that go up and down, each asked for when it is read. Any thread.
public final class Gauge implements Family {
    private final String name;
    private final String help;
    private final String type;
    private final Labels labels;
    private final Map<List<String>, DoubleSupplier> series = new ConcurrentHashMap<>();
    private volatile Supplier<Map<List<String>, Double>> changing = Map::of;

    Gauge(String name, String help, String type, Labels labels) {
        this.name = name;
        this.help = help;
        this.type = type;
        this.labels = labels;
    }

    /// Gives a series its source, which must be quick and safe for any thread.
    public Gauge of(DoubleSupplier source, String... values) {
        series.put(labels.series(name, values), source);
        return this;
    }

    /// Gives the family all series that the source names, by the values of their labels in order; those that it names no more are gone.
    public void ofAll(Supplier<Map<List<String>, Double>> source) {
        changing = source;
    }

    /// Sets a series to a value.
    public void set(double value, String... values) {
        of(() -> value, values);
    }

    @Override
    public String help() {
        return help;
    }

    @Override
    public void reset() {
        // a gauge tells what is
    }

    @Override
    public void write(StringBuilder out) {
        Map<List<String>, Double> more = changing.get();
        if (series.isEmpty() && more.isEmpty()) {
            return;
        }
        Family.head(out, name, help, type);
        series.forEach((values, source) -> write(out, values, source.getAsDouble()));
        more.forEach((values, value) -> write(out, values, value));
    }

    private void write(StringBuilder out, List<String> values, double value) {
        out.append(name);
        labels.write(out, values, "", "");
        out.append(' ').append(Family.number(value)).append('\n');
    }
}
