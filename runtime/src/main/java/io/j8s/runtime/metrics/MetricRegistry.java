package io.j8s.runtime.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The metrics of one component. A name is registered once: asking for it again gives the same family. Any thread.
public final class MetricRegistry {
    /// The content type of [#text].
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final Pattern STABILITY = Pattern.compile("^\\[(ALPHA|BETA|STABLE|INTERNAL)](?: \\(Deprecated since ([0-9.]+)\\))?");
    private final Map<String, Family> families = new ConcurrentSkipListMap<>();

    private final Set<String> disabled = ConcurrentHashMap.newKeySet();

    /// Leaves a metric out of the text.
    public void disable(String name) {
        disabled.add(name);
    }

    public Counter counter(String name, String help, String... labelNames) {
        return family(Counter.class, name, () -> new Counter(name, help, new Labels(List.of(labelNames))));
    }

    public Gauge gauge(String name, String help, String... labelNames) {
        return family(Gauge.class, name, () -> new Gauge(name, help, "gauge", new Labels(List.of(labelNames))));
    }

    /// A count that is kept elsewhere and asked for when it is read.
    public Gauge counterFrom(String name, String help, String... labelNames) {
        return family(Gauge.class, name, () -> new Gauge(name, help, "counter", new Labels(List.of(labelNames))));
    }

    /// @param bounds upper bounds of the buckets, rising, without infinity
    public Histogram histogram(String name, String help, double[] bounds, String... labelNames) {
        return family(Histogram.class, name, () -> new Histogram(name, help, new Labels(List.of(labelNames)), bounds));
    }

    private <F extends Family> F family(Class<F> type, String name, Supplier<F> maker) {
        Family family = families.computeIfAbsent(name, key -> maker.get());
        if (!type.isInstance(family)) {
            throw new IllegalStateException("metric " + name + " is registered as a " + family.getClass().getSimpleName() + " already, it cannot be a " + type.getSimpleName());
        }
        return type.cast(family);
    }

    /// Counts what is registered by the stability that its help names, and what is left out, under upstream's names.
    public void describeItself() {
        counterFrom("registered_metrics_total", "[BETA] The count of registered metrics broken by stability level and deprecation version.", "deprecated_version", "stability_level")
                .ofAll(this::byStability);
        counterFrom("disabled_metrics_total", "[BETA] The count of disabled metrics.").of(() -> families.keySet().stream().filter(disabled::contains).count());
        counterFrom("cardinality_enforcement_unexpected_categorizations_total", "[ALPHA] The count of unexpected categorizations during cardinality enforcement.").of(() -> 0); // no values are bounded
        counterFrom("hidden_metrics_total", "[BETA] The count of hidden metrics.").of(() -> 0);
    }

    private Map<List<String>, Double> byStability() {
        Map<List<String>, Double> counts = new HashMap<>();
        families.values().forEach(family -> {
            Matcher stability = STABILITY.matcher(family.help());
            if (stability.find()) {
                String since = stability.group(2);
                counts.merge(List.of(since == null ? "" : since, stability.group(1)), 1.0, Double::sum);
            }
        });
        return counts;
    }

    /// Sets everything that is counted here to zero; what is asked for when it is read stays as it is.
    public void reset() {
        families.values().forEach(Family::reset);
    }

    /// Whether a name is registered.
    public boolean has(String name) {
        return families.containsKey(name);
    }

    /// Everything as text, by name.
    public String text() {
        return text(name -> true);
    }

    /// Those whose names are wanted, as text.
    public String text(Predicate<String> wanted) {
        StringBuilder out = new StringBuilder(4096);
        families.forEach((name, family) -> {
            if (wanted.test(name) && !disabled.contains(name)) {
                family.write(out);
            }
        });
        return out.toString();
    }
}
