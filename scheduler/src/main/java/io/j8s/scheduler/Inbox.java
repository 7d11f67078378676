package io.j8s.scheduler;

import io.j8s.runtime.Gate;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What other threads want done on the scheduling task, in the order in which it came. Adding never blocks.
final class Inbox {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private final ConcurrentLinkedQueue<Runnable> actions = new ConcurrentLinkedQueue<>();
    private final Gate gate;

    Inbox(Gate gate) {
        this.gate = gate;
    }

    void add(Runnable action) {
        actions.add(action);
        gate.signal();
    }

    boolean isEmpty() {
        return actions.isEmpty();
    }

    /// Does all that is there. Called by the scheduling task alone.
    void drain() {
        for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("Handling a change of the cluster failed; the scheduler goes on without it");
            }
        }
    }
}
