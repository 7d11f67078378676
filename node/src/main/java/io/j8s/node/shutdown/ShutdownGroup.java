package io.j8s.node.shutdown;

import io.j8s.model.core.v1.Pod;
import java.util.ArrayList;
import java.util.List;

/// Pods that are ended together.
record ShutdownGroup(ShutdownSettings.Span span, List<Pod> pods) {

    /// The pods in the order in which they are ended; a pod belongs to the highest priority that it reaches, or to the lowest of all.
    static List<ShutdownGroup> of(List<ShutdownSettings.Span> spans, List<Pod> pods) {
        List<ShutdownGroup> groups = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            int from = i == 0 ? Integer.MIN_VALUE : spans.get(i).priority();
            long before = i + 1 == spans.size() ? Long.MAX_VALUE : spans.get(i + 1).priority();
            List<Pod> members = pods.stream().filter(pod -> pod.spec().priority() >= from && pod.spec().priority() < before).toList();
            if (!members.isEmpty()) {
                groups.add(new ShutdownGroup(spans.get(i), members));
            }
        }
        return groups;
    }

    /// How long a pod of the group has: its own grace, if that is shorter.
    long graceSeconds(Pod pod) {
        return pod.spec().hasTerminationGracePeriodSeconds() ? Math.min(span.seconds(), pod.spec().terminationGracePeriodSeconds()) : span.seconds();
    }
}
