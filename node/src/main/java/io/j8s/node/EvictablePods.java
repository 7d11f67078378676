package io.j8s.node;

import io.j8s.model.core.v1.Pod;
import io.j8s.node.eviction.Evictions;
import io.j8s.node.eviction.PodUse;
import io.j8s.node.images.ImageCollection;
import io.j8s.node.layout.NodeDirs;
import io.j8s.node.pods.PodWorkers;
import io.j8s.node.stats.DiskUse;
import io.j8s.node.stats.NodeFigures;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The pods of a node as evictions see them.
///
/// @param figures what the pods use
/// @param images which are removed first
record EvictablePods(PodWorkers workers, NodeFigures figures, ImageCollection images, NodeDirs dirs) implements Evictions.NodePods {

    @Override
    public List<Pod> evictable() {
        return workers.evictable();
    }

    @Override
    public Map<String, PodUse> uses() {
        return figures.uses();
    }

    @Override
    public long volumeBytes(Pod pod, String volume) {
        return DiskUse.of(dirs.volume(pod.metadata().uid(), "empty-dir", volume)).bytes();
    }

    @Override
    public void evict(Pod pod, String message, long graceSeconds, Duration atMost) throws InterruptedException {
        workers.evict(pod.metadata().uid(), "Evicted", message, graceSeconds);
        workers.awaitEnd(pod.metadata().uid(), atMost);
    }

    @Override
    public void removeUnused() {
        images.removeUnused();
    }
}
