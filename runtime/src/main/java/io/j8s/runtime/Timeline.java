package io.j8s.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// The clock, and every wait, thread and random choice of a part of j8s.
///
/// In production this is [#system()]: real clocks and virtual threads. In a simulation it is a
/// [SimulatedTimeline]: tasks run one at a time in an order that a seed decides, and time jumps to the next moment at which
/// something is due, so that an hour of a cluster takes milliseconds and the same seed gives the same run.
///
/// For a simulation to be possible, code keeps two rules: it blocks only in methods of this interface ([#sleep], [Gate#await],
/// [Task#join]), and it holds no lock while it does so. Short `synchronized` sections that do not block are fine.
///
/// All methods may be called from any thread; those that block are interruptible.
public interface Timeline {

    /// The real one: the system's clocks and one virtual thread a task.
    static Timeline system() {
        return SystemTimeline.INSTANCE;
    }

    /// The wall clock, as written into objects. It may jump.
    Instant now();

    /// A monotonic clock in nanoseconds, for measuring spans; its origin means nothing.
    long nanoTime();

    /// Randomness for jitter, names and identifiers that need not be secret.
    RandomGenerator random();

    /// Starts a task at once on a thread of its own. An exception that leaves `body` is logged with the task's name and ends only that task.
    Task start(String name, Body body);

    /// Starts a task after a delay (a zero or negative one: at once). Cancelling it before it is due costs nothing and leaves nothing.
    Task schedule(Duration delay, String name, Body body);

    /// Waits. A zero or negative span returns at once.
    void sleep(Duration span) throws InterruptedException;

    /// A new place to wait for a change of state.
    Gate gate();

    /// What a task does. It may be interrupted, and then ends soon.
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }
}
