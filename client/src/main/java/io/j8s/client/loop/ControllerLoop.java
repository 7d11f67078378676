package io.j8s.client.loop;

import io.j8s.client.ApiException;
import io.j8s.client.queue.WorkQueue;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Workers that take keys from a queue and reconcile them.
///
/// Each worker is a task of its own. Nothing that happens to one key stops the others: failures are logged and retried with the queue's delays,
/// conflicts (somebody else wrote first) silently so.
public final class ControllerLoop<K> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerLoop.class);

    private final Timeline time;
    private final WorkQueue<K> queue;
    private final Reconciler<K> reconciler;
    private final int workers;
    private final List<Task> tasks = new ArrayList<>();
    private int restTimes;
    private volatile boolean closing;
    private Duration longestRest = Duration.ZERO;

    public ControllerLoop(Timeline time, WorkQueue<K> queue, int workers, Reconciler<K> reconciler) {
        if (workers < 1) {
            throw new IllegalArgumentException("controller " + queue.name() + " needs at least 1 worker, not " + workers);
        }
        this.time = time;
        this.queue = queue;
        this.workers = workers;
        this.reconciler = reconciler;
    }

    /// Each key rests after it was worked on, this many times as long as the work took: what happens to it meanwhile is looked at together. So a key whose every look is dear,
    /// because thousands of objects belong to it, costs a bounded share of a worker however often they change; a cheap one comes back at once.
    public ControllerLoop<K> resting(int times, Duration atMost) {
        restTimes = times;
        longestRest = atMost;
        return this;
    }

    /// Starts the workers. Call it once, when what the reconciler reads is there.
    public void start() {
        for (int i = 0; i < workers; i++) {
            tasks.add(time.start(queue.name() + "-" + i, this::work));
        }
    }

    /// Stops the workers, interrupting those at work, and waits for their end.
    @Override
    public void close() {
        closing = true;
        queue.close();
        tasks.forEach(Task::cancel);
        tasks.forEach(Task::close);
    }

    private void work() throws InterruptedException {
        for (K key = queue.take(); key != null; key = queue.take()) {
            long begun = time.nanoTime();
            try {
                finish(key, attempt(key));
            } finally {
                queue.done(key, rest(time.nanoTime() - begun));
            }
        }
    }

    private Duration rest(long workedNanos) {
        Duration rest = Duration.ofNanos(workedNanos).multipliedBy(restTimes);
        return rest.compareTo(longestRest) < 0 ? rest : longestRest;
    }

    private Outcome attempt(K key) throws InterruptedException {
        try {
            return reconciler.reconcile(key);
        } catch (RuntimeException e) {
            return Outcome.failed(e);
        }
    }

    private void finish(K key, Outcome outcome) {
        switch (outcome) {
            case Outcome.Done() -> queue.forget(key);
            case Outcome.RetryAfter(var delay) -> {
                queue.forget(key);
                queue.addAfter(key, delay);
            }
            case Outcome.Failed(var cause) -> {
                report(key, cause);
                queue.retry(key);
            }
        }
    }

    private void report(K key, Exception cause) {
        if (closing || Thread.currentThread().isInterrupted()) {
            LOG.atDebug().setCause(cause).addKeyValue("controller", queue.name()).addKeyValue("key", key).log("Reconciliation broken off");
        } else if (cause instanceof ApiException api && api.isConflict()) {
            LOG.atDebug().addKeyValue("controller", queue.name()).addKeyValue("key", key).addKeyValue("err", api.getMessage()).log("Somebody else wrote first, will look again");
        } else if (cause instanceof ApiException api) {
            LOG.atError().addKeyValue("controller", queue.name()).addKeyValue("key", key).addKeyValue("code", api.code()).addKeyValue("err", api.getMessage()).log("Reconciliation failed, will retry");
        } else {
            LOG.atError().setCause(cause).addKeyValue("controller", queue.name()).addKeyValue("key", key).log("Reconciliation failed, will retry");
        }
    }
}
