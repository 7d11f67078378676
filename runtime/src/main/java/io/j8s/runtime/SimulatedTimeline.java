package io.j8s.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A timeline whose clock stands still while anything can run, and jumps to the next due moment when nothing can.
///
/// Exactly one task runs at a time. Each has a virtual thread, but only the one that holds the baton goes on; where it blocks in
/// a method of the timeline, the seed chooses which runnable task gets the baton next. The same seed and the same program give the same run
/// ([#fingerprint] tells whether two runs were the same).
///
/// The thread that is none of the tasks, usually a test's, is the driver: nothing moves except while it is inside [#run], [#advance] or
/// [#settle], or blocks in one of the inherited methods (then it drives, too). There may be only one driver at a time.
///
/// A run that cannot go on throws [StalledException], which lists every task and the place where it waits.
public final class SimulatedTimeline implements Timeline, AutoCloseable {

    /// The wall clock at which every simulation begins.
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Logger LOG = LoggerFactory.getLogger(SimulatedTimeline.class);
    private static final Duration PATIENCE = Duration.ofHours(24);
    private static final long STEPS_AT_ONE_INSTANT = 20_000_000;
    private static final int CLOSING_ROUNDS = 1000;
    private static final long NEVER = Long.MAX_VALUE;

    private final long seed;
    private final SplittableRandom choices;
    private final SplittableRandom randomness;
    private final Semaphore driver = new Semaphore(0);

    // All below is guarded by the monitor of this object; it is held for short steps only, never while waiting for a baton.
    private final List<SimulatedTask> runnable = new ArrayList<>();
    private final Set<SimulatedTask> unfinished = new LinkedHashSet<>();
    private final TreeSet<SimulatedTask> alarms = new TreeSet<>(Comparator.comparingLong((SimulatedTask t) -> t.due).thenComparingLong(t -> t.order));
    private final List<Throwable> failures = new ArrayList<>();
    private @Nullable SimulatedTask running;
    private BooleanSupplier goal = () -> false;
    private long limit;
    private boolean restsAtLimit;
    private @Nullable Throwable goalFailure;
    private long nanos;
    private Duration clockStep = Duration.ZERO;
    private long order;
    private long fingerprint;
    private long stepsNow;
    private boolean driving;
    private boolean closed;

    public SimulatedTimeline(long seed) {
        this.seed = seed;
        this.choices = new SplittableRandom(seed);
        this.randomness = new SplittableRandom(seed ^ 0x5DEECE66DL);
    }

    /// What decides the run.
    public long seed() {
        return seed;
    }

    @Override
    public synchronized Instant now() {
        return START.plusNanos(nanos).plus(clockStep);
    }

    /// Sets the wall clock forward or back, as happens to hosts; waits and [#nanoTime] know nothing of it.
    public synchronized void stepClock(Duration by) {
        clockStep = clockStep.plus(by);
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public RandomGenerator random() {
        return randomness;
    }

    @Override
    public Task start(String name, Body body) {
        return schedule(Duration.ZERO, name, body);
    }

    @Override
    public synchronized Task schedule(Duration delay, String name, Body body) {
        if (closed) {
            throw new IllegalStateException("task " + name + " was started on a simulation that is closed");
        }
        SimulatedTask task = new SimulatedTask(name, body, order++);
        unfinished.add(task);
        if (delay.isPositive()) {
            task.wakeAt(after(delay));
        } else {
            runnable.add(task);
        }
        return task;
    }

    @Override
    public void sleep(Duration span) throws InterruptedException {
        if (span.isPositive()) {
            new SimulatedGate().await(() -> false, span);
        }
    }

    @Override
    public Gate gate() {
        return new SimulatedGate();
    }

    /// Runs until the condition holds; it is looked at between the steps of tasks, and must not block.
    ///
    /// @throws StalledException when nothing can run any more, or a simulated day has gone by
    public void run(BooleanSupplier until) {
        run(until, PATIENCE);
    }

    /// Runs until the condition holds.
    ///
    /// @throws StalledException when nothing can run any more, or so much simulated time has gone by
    public void run(BooleanSupplier until, Duration atMost) {
        if (!drive(until, after(atMost), false)) {
            boolean idle;
            synchronized (this) {
                idle = runnable.isEmpty() && alarms.isEmpty();
            }
            throw new StalledException((idle ? "nothing can run any more" : atMost + " of simulated time went by") + " before the condition held; " + describe());
        }
    }

    /// Runs everything that is due within the span, and leaves the clock at its end.
    public void advance(Duration span) {
        drive(() -> false, after(span), true);
    }

    /// Runs what can run now, without letting time pass.
    public void settle() {
        advance(Duration.ZERO);
    }

    /// The exceptions that have left bodies of tasks so far.
    public synchronized List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /// A digest of which task ran when: equal for equal runs.
    public synchronized long fingerprint() {
        return fingerprint;
    }

    /// The seed, the time, and every unfinished task with the place where it waits.
    public synchronized String describe() {
        StringBuilder text = new StringBuilder("seed " + seed + ", at " + Duration.ofNanos(nanos) + ", " + unfinished.size() + " unfinished tasks:");
        for (SimulatedTask task : unfinished) {
            text.append("\n  ").append(task.describe());
        }
        return text.toString();
    }

    /// Cancels every task and lets it finish. Leaves no thread.
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        for (int round = 0; round < CLOSING_ROUNDS; round++) {
            List<SimulatedTask> left;
            synchronized (this) {
                left = List.copyOf(unfinished);
            }
            if (left.isEmpty()) {
                return;
            }
            left.forEach(SimulatedTask::cancel);
            settle();
        }
        throw new StalledException("tasks go on although they were cancelled; " + describe());
    }

    private synchronized long after(Duration span) {
        long add = span.compareTo(Duration.ofNanos(NEVER)) >= 0 ? NEVER : Math.max(0, span.toNanos());
        return add > NEVER - nanos ? NEVER : nanos + add;
    }

    /// Lets tasks run until the condition holds (true), or nothing is due up to `until` (false).
    ///
    /// @param rests whether the clock moves on to the limit when no task waits for anything
    private boolean drive(BooleanSupplier condition, long until, boolean rests) {
        synchronized (this) {
            if (driving || running != null) {
                throw new IllegalStateException("thread " + Thread.currentThread() + " waits in a simulation that another thread drives, and is none of its tasks (seed " + seed + ")");
            }
            driving = true;
            goal = condition;
            limit = until;
            restsAtLimit = rests;
            goalFailure = null;
        }
        try {
            pass(null);
        } finally {
            synchronized (this) {
                driving = false;
            }
        }
        Throwable failure = goalFailure;
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        return condition.getAsBoolean();
    }

    /// Gives the baton on, and returns when the caller (a task, or the driver: null) has it again, or at once when it has ended.
    private void pass(@Nullable SimulatedTask self) {
        SimulatedTask next;
        boolean ended;
        synchronized (this) {
            next = choose();
            running = next;
            ended = self != null && self.state == State.DONE;
        }
        if (next == self) {
            return;
        }
        (next == null ? driver : next.baton).release();
        if (!ended) {
            (self == null ? driver : self.baton).acquireUninterruptibly();
        }
    }

    /// The task that runs next; null for the driver, when its goal is reached or nothing is due before its limit.
    private @Nullable SimulatedTask choose() {
        while (true) {
            if (reached()) {
                return null;
            }
            if (!runnable.isEmpty()) {
                if (++stepsNow > STEPS_AT_ONE_INSTANT) {
                    goalFailure = new StalledException("tasks run on and on without letting time pass; " + describe());
                    return null;
                }
                return pick();
            }
            if (alarms.isEmpty() || alarms.first().due > limit) {
                nanos = limit == NEVER || (alarms.isEmpty() && !restsAtLimit) ? nanos : limit;
                stepsNow = 0;
                return null;
            }
            nanos = alarms.first().due;
            stepsNow = 0;
            while (!alarms.isEmpty() && alarms.first().due <= nanos) {
                alarms.first().wake();
            }
        }
    }

    private boolean reached() {
        if (goalFailure != null) {
            return true;
        }
        try {
            return goal.getAsBoolean();
        } catch (RuntimeException | Error e) {
            goalFailure = e;
            return true;
        }
    }

    private SimulatedTask pick() {
        int last = runnable.size() - 1;
        int at = last == 0 ? 0 : choices.nextInt(last + 1);
        SimulatedTask task = runnable.get(at);
        runnable.set(at, runnable.get(last));
        runnable.remove(last);
        task.state = State.RUNNING;
        fingerprint = (fingerprint * 31 + task.order) * 31 + nanos;
        if (!task.launched) {
            task.launched = true;
            task.thread.start();
        }
        return task;
    }

    /// The task whose thread calls; null for the driver.
    private synchronized @Nullable SimulatedTask caller() {
        return running != null && running.thread == Thread.currentThread() ? running : null;
    }

    private enum State { WAITING, RUNNABLE, RUNNING, DONE }

    private final class SimulatedTask implements Task {
        final String name;
        final long order;
        final Thread thread;
        final Semaphore baton = new Semaphore(0);
        final SimulatedGate finished = new SimulatedGate();
        State state = State.RUNNABLE;
        boolean launched;
        long due = NEVER;
        @Nullable SimulatedGate gate;

        SimulatedTask(String name, Body body, long order) {
            this.name = name;
            this.order = order;
            this.thread = Thread.ofVirtual().name(name).unstarted(() -> live(body));
        }

        private void live(Body body) {
            baton.acquireUninterruptibly();
            try {
                body.run();
            } catch (InterruptedException e) {
                // cancelled: its normal end
            } catch (Throwable e) {
                LOG.error("task {} ended by an exception in a simulation with seed {}", name, seed, e);
                synchronized (SimulatedTimeline.this) {
                    failures.add(e);
                }
            }
            end();
            pass(this);
        }

        private void end() {
            synchronized (SimulatedTimeline.this) {
                state = State.DONE;
                unfinished.remove(this);
                finished.signal();
            }
        }

        /// Not runnable until woken; the monitor is held.
        void wakeAt(long at) {
            state = State.WAITING;
            due = at;
            if (at != NEVER) {
                alarms.add(this);
            }
        }

        /// Runnable again, whatever it waited for; the monitor is held.
        void wake() {
            alarms.remove(this);
            due = NEVER;
            if (gate != null) {
                gate.waiting.remove(this);
                gate = null;
            }
            state = State.RUNNABLE;
            runnable.add(this);
        }

        String describe() {
            String text = name + " (" + state.name().toLowerCase(java.util.Locale.ROOT) + (due == NEVER ? "" : ", due in " + Duration.ofNanos(due - nanos)) + ")";
            if (!launched) {
                return text + " not started";
            }
            for (StackTraceElement frame : thread.getStackTrace()) {
                if (!(frame.getClassName() + "$").startsWith(SimulatedTimeline.class.getName() + "$") && !frame.getClassName().startsWith("java.")) {
                    return text + " at " + frame;
                }
            }
            return text;
        }

        @Override
        public boolean done() {
            synchronized (SimulatedTimeline.this) {
                return state == State.DONE;
            }
        }

        @Override
        public void cancel() {
            synchronized (SimulatedTimeline.this) {
                if (state == State.DONE) {
                    return;
                }
                if (!launched) {
                    alarms.remove(this);
                    runnable.remove(this);
                    end();
                    return;
                }
                thread.interrupt();
                if (state == State.WAITING) {
                    wake();
                }
            }
        }

        @Override
        public void join() throws InterruptedException {
            finished.await(this::done);
        }

        @Override
        public void close() {
            cancel();
            boolean interrupted = false;
            while (!done()) {
                try {
                    join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class SimulatedGate implements Gate {
        /// In the order of arrival, which makes the run the same again. Guarded by the timeline's monitor.
        final Set<SimulatedTask> waiting = new LinkedHashSet<>();

        @Override
        public void signal() {
            synchronized (SimulatedTimeline.this) {
                for (SimulatedTask task : List.copyOf(waiting)) {
                    task.wake();
                }
            }
        }

        @Override
        public void await(BooleanSupplier condition) throws InterruptedException {
            if (!awaitUntil(condition, NEVER)) {
                throw new StalledException("the driver waits for what cannot happen any more; " + describe());
            }
        }

        @Override
        public boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException {
            return awaitUntil(condition, after(atMost));
        }

        private boolean awaitUntil(BooleanSupplier condition, long end) throws InterruptedException {
            SimulatedTask self = caller();
            if (Thread.interrupted()) {
                throw new InterruptedException("cancelled");
            }
            if (condition.getAsBoolean()) {
                return true;
            }
            if (self == null) {
                return drive(condition, end, true);
            }
            while (nanoTime() < end) {
                synchronized (SimulatedTimeline.this) {
                    self.gate = this;
                    waiting.add(self);
                    self.wakeAt(end);
                }
                pass(self);
                if (Thread.interrupted()) {
                    throw new InterruptedException("cancelled");
                }
                if (condition.getAsBoolean()) {
                    return true;
                }
            }
            return false;
        }
    }
}
