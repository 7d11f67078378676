package io.j8s.scheduler.state;

import io.j8s.model.core.v1.ContainerImage;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Taint;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/// A node, with the pods on it and what they take. Mutable; owned by the scheduling task.
public final class NodeInfo {

    private final int index;
    private Node node;
    private Resources allocatable;
    private final Resources requested = new Resources();
    private final Resources scored = new Resources();
    private final Map<String, PodInfo> pods = new LinkedHashMap<>();
    private Map<String, Long> images = Map.of();
    private final IntConsumer touched;

    /// @param touched is told the index after each change of the node or the pods on it
    NodeInfo(int index, Node node, IntConsumer touched) {
        this.index = index;
        this.touched = touched;
        this.node = node;
        this.allocatable = new Resources();
        set(node);
    }

    private NodeInfo(NodeInfo of) {
        this.index = of.index;
        this.touched = ignored -> {};
        this.node = of.node;
        this.allocatable = of.allocatable;
        this.images = of.images;
        this.requested.add(of.requested, 1);
        this.scored.add(of.scored, 1);
        this.pods.putAll(of.pods);
    }

    void set(Node now) {
        node = now;
        allocatable = Resources.of(now.status().allocatable());
        images = imageSizes(now);
        touched.accept(index);
    }

    private static Map<String, Long> imageSizes(Node node) {
        Map<String, Long> sizes = new HashMap<>();
        for (ContainerImage image : node.status().images()) {
            image.names().forEach(name -> sizes.put(name, image.sizeBytes()));
        }
        return sizes;
    }

    /// Its place in the cluster's list; it may be given to another node once this one is gone.
    public int index() {
        return index;
    }

    public Node node() {
        return node;
    }

    public String name() {
        return node.metadata().name();
    }

    public Map<String, String> labels() {
        return node.metadata().labels();
    }

    public List<Taint> taints() {
        return node.spec().taints();
    }

    /// What pods may take in all.
    public Resources allocatable() {
        return allocatable;
    }

    /// What the pods on it ask for.
    public Resources requested() {
        return requested;
    }

    /// What the pods on it count for when nodes are scored.
    public Resources scored() {
        return scored;
    }

    /// The pods on it, by uid.
    public Map<String, PodInfo> pods() {
        return pods;
    }

    /// A copy to try things with: nobody is told of its changes.
    public NodeInfo apart() {
        return new NodeInfo(this);
    }

    /// Takes a pod off a copy.
    public void removeApart(PodInfo pod) {
        remove(pod);
    }

    /// Puts a pod back on a copy.
    public void addApart(PodInfo pod) {
        add(pod);
    }

    /// The bytes of an image that is on it, or 0.
    public long imageSize(String name) {
        return images.getOrDefault(name, 0L);
    }

    Set<String> images() {
        return images.keySet();
    }

    public boolean hasImages() {
        return !images.isEmpty();
    }

    void add(PodInfo pod) {
        touched.accept(index);
        pods.put(pod.uid(), pod);
        requested.add(pod.requests(), 1);
        scored.add(pod.scored(), 1);
    }

    /// Another state of a pod that is there, which takes the same.
    void replace(PodInfo pod) {
        pods.put(pod.uid(), pod);
    }

    void remove(PodInfo pod) {
        touched.accept(index);
        if (pods.remove(pod.uid()) != null) {
            requested.add(pod.requests(), -1);
            scored.add(pod.scored(), -1);
        }
    }

    /// Whether one of the pods on it holds one of these ports.
    public boolean holdsAny(List<PodInfo.HostPort> wanted) {
        for (PodInfo pod : pods.values()) {
            for (PodInfo.HostPort held : pod.hostPorts()) {
                for (PodInfo.HostPort port : wanted) {
                    if (held.conflicts(port)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return name();
    }
}
