package io.j8s.node.shutdown;

import io.j8s.model.core.v1.Pod;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the node's pods in order before the host goes down: those of the lowest priority first, each group for as long as the settings give it; the host is held back until
/// then. One task.
public final class GracefulShutdown implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GracefulShutdown.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);
    static final String REASON = "Terminated";
    static final String MESSAGE = "Pod was terminated in response to imminent node shutdown.";

    private final ShutdownSettings settings;
    private final NodePods pods;
    private final Timeline timeline;
    private volatile boolean shuttingDown;
    private volatile boolean closed;
    private volatile @Nullable Logind listening;

    /// The node's pods, and those who have to know.
    public interface NodePods {
        /// Those that run or will.
        List<Pod> active();

        /// Begins a pod's end.
        void end(Pod pod, String reason, String message, long graceSeconds);

        /// Waits, at most so long, until nothing of these runs.
        void awaitEnd(List<Pod> ending, Duration atMost) throws InterruptedException;

        /// The host is about to go down, or is not any more.
        void told(boolean shuttingDown);
    }

    public GracefulShutdown(ShutdownSettings settings, NodePods pods, Timeline timeline) {
        this.settings = settings;
        this.pods = pods;
        this.timeline = timeline;
    }

    /// Whether the host is about to go down, so that no pod is begun any more. Any thread.
    public boolean shuttingDown() {
        return shuttingDown;
    }

    /// The task's body.
    public void run() throws InterruptedException {
        Duration retry = FIRST_RETRY;
        while (!closed) {
            try (Logind logind = new Logind(settings.tools(), timeline)) {
                listening = logind;
                logind.open(settings.whole());
                retry = FIRST_RETRY;
                while (!closed) {
                    heard(logind.next(), logind);
                }
            } catch (IOException e) {
                if (closed) {
                    return;
                }
                LOG.warn("the host's shutdown is not seen, and pods are not ended in order then: {}", e.getMessage());
            }
            timeline.sleep(retry);
            retry = retry.multipliedBy(2).compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : retry.multipliedBy(2);
        }
    }

    /// Ends the task, which otherwise waits for the system's bus and hears nothing else.
    @Override
    public void close() {
        closed = true;
        Logind waiting = listening;
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    private void heard(boolean goesDown, Logind logind) throws IOException, InterruptedException {
        shuttingDown = goesDown;
        pods.told(goesDown);
        if (!goesDown) {
            logind.hold();
            return;
        }
        try {
            for (ShutdownGroup group : ShutdownGroup.of(settings.spans(), pods.active())) {
                LOG.info("the host goes down: ending {} pods of priority {} and more within {} s", group.pods().size(), group.span().priority(), group.span().seconds());
                group.pods().forEach(pod -> pods.end(pod, REASON, MESSAGE, group.graceSeconds(pod)));
                pods.awaitEnd(group.pods(), Duration.ofSeconds(group.span().seconds()));
            }
        } finally {
            logind.release();
        }
    }
}
