package io.j8s.client.queue;

import java.time.Duration;

/// Counts what a queue does (upstream's `workqueue_*` metrics). Called under the queue's lock: must be quick and must not block.
public interface QueueMetrics {

    QueueMetrics NONE = new QueueMetrics() {
        @Override
        public void added(int depth) {}

        @Override
        public void taken(int depth, Duration waited) {}

        @Override
        public void finished(Duration worked) {}

        @Override
        public void retried() {}
    };

    /// The queue exists from now on, and can be asked how it is. Called once, without the lock.
    default void opened(WorkQueue<?> queue) {}

    /// @param depth how many items wait now
    void added(int depth);

    /// @param waited since it was added
    void taken(int depth, Duration waited);

    /// @param worked since it was taken
    void finished(Duration worked);

    void retried();
}
