package io.j8s.controllers.pods;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which of several equal pods to give up first: those that serve least, then those that cost least (`controller.kubernetes.io/pod-deletion-cost`), then those that share
/// a node with most of their like, then the youngest by orders of magnitude of age.
public final class DeletionOrder implements Comparator<Pod> {
    private static final String COST = "controller.kubernetes.io/pod-deletion-cost";

    private final Instant now;
    private final Map<String, Integer> likeOnNode = new HashMap<>();

    /// @param related all pods of the same application, which should stay spread over nodes
    public DeletionOrder(List<Pod> related, Instant now) {
        this.now = now;
        for (Pod pod : related) {
            if (Pods.active(pod)) {
                likeOnNode.merge(pod.spec().nodeName(), 1, Integer::sum);
            }
        }
    }

    @Override
    public int compare(Pod a, Pod b) {
        int order = Boolean.compare(!a.spec().nodeName().isEmpty(), !b.spec().nodeName().isEmpty());
        order = order != 0 ? order : Integer.compare(progress(a), progress(b));
        order = order != 0 ? order : Boolean.compare(Pods.ready(a), Pods.ready(b));
        order = order != 0 ? order : Integer.compare(cost(a), cost(b));
        order = order != 0 ? order : Integer.compare(like(b), like(a));
        order = order != 0 ? order : byAge(Pods.readySince(a), Pods.readySince(b), a, b);
        order = order != 0 ? order : Integer.compare(restarts(b), restarts(a));
        order = order != 0 ? order : Integer.compare(sidecarRestarts(b), sidecarRestarts(a));
        return order != 0 ? order : byAge(a.metadata().creationTimestamp(), b.metadata().creationTimestamp(), a, b);
    }

    private static int progress(Pod pod) {
        return switch (pod.status().phase()) {
            case "Pending" -> 0;
            case "Unknown" -> 1;
            case "Running" -> 2;
            default -> 0;
        };
    }

    private static int cost(Pod pod) {
        String text = pod.metadata().annotations().get(COST);
        try {
            return text == null ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private int like(Pod pod) {
        return likeOnNode.getOrDefault(pod.spec().nodeName(), 0);
    }

    private int byAge(@Nullable Instant a, @Nullable Instant b, Pod first, Pod second) {
        if (a == null || b == null || a.equals(b)) {
            return Boolean.compare(a != null, b != null);
        }
        int order = Long.compare(magnitude(a), magnitude(b));
        return order != 0 ? order : first.metadata().uid().compareTo(second.metadata().uid());
    }

    private long magnitude(Instant since) {
        long age = Duration.between(since, now).toNanos();
        return age <= 0 ? -1 : 63 - Long.numberOfLeadingZeros(age);
    }

    private static int restarts(Pod pod) {
        return pod.status().containerStatuses().stream().mapToInt(ContainerStatus::restartCount).max().orElse(0);
    }

    private static int sidecarRestarts(Pod pod) {
        Set<String> sidecars = new HashSet<>();
        for (Container container : pod.spec().initContainers()) {
            if (container.restartPolicy().equals("Always")) {
                sidecars.add(container.name());
            }
        }
        return pod.status().initContainerStatuses().stream().filter(s -> sidecars.contains(s.name())).mapToInt(ContainerStatus::restartCount).max().orElse(0);
    }
}
