package io.j8s.cluster.encryption;

import io.j8s.etcd.KmsPlugin;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The KMS plugins in use: one for each socket, name and time, however often the rules are read.
public final class KmsPlugins implements AutoCloseable {

    private final Timeline timeline;
    private final MetricRegistry registry = new MetricRegistry();
    private final KmsMetrics metrics;
    /// In the order in which they were first named.
    private final Map<Place, KmsProvider> plugins = Collections.synchronizedMap(new LinkedHashMap<>());

    private record Place(String name, Path socket, Duration timeout) {}

    public KmsPlugins(Timeline timeline) {
        this.timeline = timeline;
        this.metrics = new KmsMetrics(registry, timeline);
    }

    /// What is counted of them, in the text format.
    String text() {
        return registry.text();
    }

    /// The plugins in use, in the order in which the rules name them.
    List<KmsProvider> all() {
        synchronized (plugins) {
            return List.copyOf(plugins.values());
        }
    }

    Provider provider(String name, Path socket, Duration timeout) {
        return plugins.computeIfAbsent(new Place(name, socket, timeout), place -> new KmsProvider(name, new KmsPlugin(socket, timeout), metrics, timeline));
    }

    boolean any() {
        return !plugins.isEmpty();
    }

    @Override
    public void close() {
        all().forEach(KmsProvider::close);
    }
}
