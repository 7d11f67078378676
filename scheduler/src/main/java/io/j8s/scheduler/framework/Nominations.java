package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.PodInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Pods that a node's room was made free for, until they are there. One thread.
public final class Nominations {

    private final Map<String, String> nodeOf = new HashMap<>();
    private final Map<String, Map<String, PodInfo>> byNode = new HashMap<>();

    /// Promises room on a node to a pod, instead of what it was promised before.
    public void put(PodInfo pod, String node) {
        remove(pod.uid());
        nodeOf.put(pod.uid(), node);
        byNode.computeIfAbsent(node, n -> new LinkedHashMap<>()).put(pod.uid(), pod);
    }

    public void remove(String uid) {
        String node = nodeOf.remove(uid);
        if (node != null) {
            byNode.computeIfPresent(node, (n, pods) -> {
                pods.remove(uid);
                return pods.isEmpty() ? null : pods;
            });
        }
    }

    /// The node that was promised to a pod; empty for none.
    public String of(String uid) {
        return nodeOf.getOrDefault(uid, "");
    }

    boolean isEmpty() {
        return byNode.isEmpty();
    }

    boolean onNode(String node) {
        return !byNode.isEmpty() && byNode.containsKey(node);
    }

    /// The pods that come before this one on a node: those of the same or a higher priority.
    List<PodInfo> before(PodInfo pod, String node) {
        List<PodInfo> before = new ArrayList<>(1);
        for (PodInfo other : byNode.getOrDefault(node, Map.of()).values()) {
            if (other.priority() >= pod.priority() && !other.uid().equals(pod.uid())) {
                before.add(other);
            }
        }
        return before;
    }

    /// The pods that were promised room on a node and come before this one.
    public List<PodInfo> ahead(PodInfo pod, String node) {
        return onNode(node) ? before(pod, node) : List.of();
    }

    /// Those of a lower priority: their promise falls when a greater pod is promised the node.
    public List<PodInfo> below(PodInfo pod, String node) {
        return new ArrayList<>(byNode.getOrDefault(node, Map.of()).values().stream().filter(other -> other.priority() < pod.priority()).toList());
    }
}
