package io.j8s.node;

import io.j8s.model.core.v1.Pod;
import io.j8s.node.pods.PodWorkers;
import io.j8s.node.shutdown.GracefulShutdown;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.List;

/// The pods of a node as its host's shutdown sees them.
record EndingPods(PodWorkers workers, NodeEvents events, NodeReporter reporter, Timeline timeline) implements GracefulShutdown.NodePods {

    @Override
    public List<Pod> active() {
        return workers.active();
    }

    @Override
    public void end(Pod pod, String reason, String message, long graceSeconds) {
        workers.evict(pod.metadata().uid(), reason, message, graceSeconds);
    }

    @Override
    public void awaitEnd(List<Pod> ending, Duration atMost) throws InterruptedException {
        long end = timeline.nanoTime() + atMost.toNanos();
        for (Pod pod : ending) {
            workers.awaitEnd(pod.metadata().uid(), Duration.ofNanos(Math.max(0, end - timeline.nanoTime())));
        }
    }

    @Override
    public void told(boolean shuttingDown) {
        events.shutdown(shuttingDown ? "event" : "cancellation");
        reporter.look();
    }
}
