package io.j8s.apiserver.metrics;

import io.j8s.runtime.metrics.MetricRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The text of `/metrics`: what is registered, and what writes itself.
public final class MetricsPage {

    /// The content type of the text.
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

    private final MetricRegistry registry;
    private final List<Consumer<StringBuilder>> more = new CopyOnWriteArrayList<>();

    public MetricsPage(MetricRegistry registry) {
        this.registry = registry;
    }

    /// More to be on the page: appends samples in the text format.
    public void add(Consumer<StringBuilder> samples) {
        more.add(samples);
    }

    public byte[] text() {
        StringBuilder out = new StringBuilder(64 * 1024).append(registry.text(Predicate.not(HealthMetrics.ON_PAGE)));
        more.forEach(samples -> samples.accept(out));
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// The text of `/metrics/slis`: the outcomes of health checks, and since when the process runs, which this page, unlike `/metrics`, gives a stability.
    public byte[] slis() {
        String text = registry.text(HealthMetrics.ON_PAGE.or("process_start_time_seconds"::equals));
        return text.replace("# HELP process_start_time_seconds ", "# HELP process_start_time_seconds [ALPHA] ").getBytes(StandardCharsets.UTF_8);
    }
}
