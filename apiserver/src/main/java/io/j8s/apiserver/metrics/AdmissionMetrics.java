package io.j8s.apiserver.metrics;

import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How long admission takes, by plugin and by step. Any thread.
public final class AdmissionMetrics {

    private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.5, 1, 2.5};

    private final Timeline timeline;
    private final Histogram plugins;
    private final Histogram steps;
    private final Map<Key, Histogram.Series> byPlugin = new ConcurrentHashMap<>();
    private final Map<Key, Histogram.Series> byStep = new ConcurrentHashMap<>();

    private record Key(String name, String operation, boolean rejected, boolean mutates) {}

    public AdmissionMetrics(MetricRegistry registry, Timeline timeline) {
        this.timeline = timeline;
        plugins = registry.histogram("apiserver_admission_controller_admission_duration_seconds",
                "[STABLE] Admission controller latency histogram in seconds, identified by name and broken out for each operation and API resource and type (validate or admit).", SECONDS,
                "name", "operation", "rejected", "type");
        steps = registry.histogram("apiserver_admission_step_admission_duration_seconds",
                "[STABLE] Admission sub-step latency histogram in seconds, broken out for each operation and API resource and step type (validate or admit).", SECONDS, "operation", "rejected", "type");
    }

    /// The clock that spans are measured with.
    public long nanoTime() {
        return timeline.nanoTime();
    }

    /// @param operation such as `CREATE`
    public void plugin(String name, String operation, boolean rejected, boolean mutates, long nanos) {
        byPlugin.computeIfAbsent(new Key(name, operation, rejected, mutates), key -> plugins.at(key.name, key.operation, Boolean.toString(key.rejected), type(key.mutates))).nanos(nanos);
    }

    /// All plugins together.
    public void step(String operation, boolean rejected, boolean mutates, long nanos) {
        byStep.computeIfAbsent(new Key("", operation, rejected, mutates), key -> steps.at(key.operation, Boolean.toString(key.rejected), type(key.mutates))).nanos(nanos);
    }

    private static String type(boolean mutates) {
        return mutates ? "admit" : "validate";
    }
}
