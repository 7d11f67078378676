package io.j8s.cluster.encryption;

import io.j8s.etcd.KmsPlugin;
import io.j8s.runtime.Timeline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The KMS plugins in use: one for each socket, name and time, however often the rules are read.
public final class KmsPlugins implements AutoCloseable {

    private final Timeline timeline;
    private final Map<Place, KmsProvider> plugins = new ConcurrentHashMap<>();

    private record Place(String name, Path socket, Duration timeout) {}

    public KmsPlugins(Timeline timeline) {
        this.timeline = timeline;
    }

    Provider provider(String name, Path socket, Duration timeout) {
        return plugins.computeIfAbsent(new Place(name, socket, timeout), place -> new KmsProvider(name, new KmsPlugin(socket, timeout), timeline));
    }

    boolean any() {
        return !plugins.isEmpty();
    }

    @Override
    public void close() {
        plugins.values().forEach(KmsProvider::close);
    }
}
