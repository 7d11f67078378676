package io.j8s.scheduler.queue;

import io.j8s.scheduler.state.PodInfo;
import java.util.Set;

/// A pod that waits.
///
/// @param since when it came to the queue, in the timeline's nanoseconds
/// @param attempts how often it was tried in vain since then
/// @param lastTry when it was last tried
/// @param rejectedBy the plugins that had something against it then; empty: it failed for another reason
/// @param held why it may not be looked at at all; empty when it may
public record QueuedPod(PodInfo pod, long since, int attempts, long lastTry, Set<String> rejectedBy, String held) {

    public QueuedPod {
        rejectedBy = Set.copyOf(rejectedBy);
    }

    String uid() {
        return pod.uid();
    }

    /// The same with the newest state of the pod.
    public QueuedPod withNewest(PodInfo now) {
        return withPod(now);
    }

    QueuedPod withPod(PodInfo now) {
        return new QueuedPod(now, since, attempts, lastTry, rejectedBy, held);
    }

    QueuedPod heldFor(String reason) {
        return new QueuedPod(pod, since, attempts, lastTry, rejectedBy, reason);
    }

    QueuedPod tried(long now, Set<String> by) {
        return new QueuedPod(pod, since, attempts + 1, now, by, held);
    }
}
