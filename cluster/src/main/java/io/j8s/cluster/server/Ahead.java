package io.j8s.cluster.server;

import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is made by a task of its own, while parts start that do not need it yet. Closing this closes it, too, if it can be closed.
final class Ahead<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ahead.class);
    private final FutureTask<T> making;
    private final Task task;

    Ahead(Timeline timeline, String name, Callable<T> make) {
        making = new FutureTask<>(make);
        task = timeline.start(name, making::run);
    }

    /// Waits for it; throws what making it threw.
    T get() {
        try {
            return making.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the start was interrupted");
        }
    }

    @Override
    public void close() {
        task.close();
        if (making.state() == FutureTask.State.SUCCESS && making.resultNow() instanceof AutoCloseable made) {
            try {
                made.close();
            } catch (Exception e) {
                LOG.error("What was made ahead did not close", e);
            }
        }
    }
}
