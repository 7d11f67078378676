package io.j8s.store;

import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Durable commits. Callers evaluate their transactions themselves, one after the other under the store's lock, and add their records to the open batch; one thread, "store-log",
/// takes the batch, appends it to the log as one frame, syncs once, publishes, and releases all who wait. Meanwhile the next batch fills.
///
/// When a batch fails, so does what was evaluated on top of it: the draft goes back to what is published, and both batches' callers are told.
///
/// The same thread frees what compaction has forgotten, a little with each round, and starts a snapshot when the log has grown enough.
final class GroupCommit implements Committer {

    private static final Logger LOGGER = LoggerFactory.getLogger(GroupCommit.class);
    private static final int BATCH_BYTES = 8 << 20;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int PRUNED_AT_ONCE = 500;

    private final Object lock;
    private final Draft draft;
    private final Publisher publisher;
    private final Log log;
    private final Segments segments;
    private final Timeline timeline;
    private final long snapshotBytes;
    private final Gate work;
    private final Gate room;
    private final Task writer;
    /// Guarded by `lock`, but looked at without.
    private volatile Batch open;
    private volatile @Nullable Batch writing;
    private volatile boolean closing;
    private @Nullable Output spare = new Output(BUFFER_BYTES);
    private volatile long lastSnapshotBytes;
    /// Of the writer thread alone, until it has ended.
    private final Deque<Key> forgotten = new ArrayDeque<>();
    private boolean failing;
    private @Nullable Task snapshotting;

    /// @param lock the store's lock, which guards the draft
    /// @param snapshotBytes how much log at least makes a snapshot worth while
    GroupCommit(Object lock, Draft draft, Publisher publisher, Recovery.Recovered recovered, Segments segments, Timeline timeline, long snapshotBytes) {
        this.lock = lock;
        this.draft = draft;
        this.publisher = publisher;
        this.log = recovered.log();
        this.lastSnapshotBytes = recovered.snapshotBytes();
        this.segments = segments;
        this.timeline = timeline;
        this.snapshotBytes = snapshotBytes;
        this.work = timeline.gate();
        this.room = timeline.gate();
        this.open = new Batch(new Output(BUFFER_BYTES));
        log.grown(recovered.logBytes());
        this.writer = timeline.start("store-log", this::run);
    }

    /// What one frame will hold.
    private final class Batch implements Pending {
        private final Output out;
        private final Gate done = timeline.gate();
        private volatile boolean settled;
        private @Nullable StoreUnavailableException failure;
        private volatile int bytes;

        Batch(Output out) {
            this.out = out;
            out.clear();
            out.skip(Frames.FRAME_HEADER);
        }

        @Override
        public void await() {
            GroupCommit.await(done, () -> settled);
            StoreUnavailableException cause = failure;
            if (cause != null) {
                throw new StoreUnavailableException(String.valueOf(cause.getMessage()), cause.outcomeUnknown(), cause);
            }
        }

        void settle(@Nullable StoreUnavailableException with) {
            failure = with;
            settled = true;
            done.signal();
        }
    }

    @Override
    public Pending committed(Consumer<Output> records) {
        Batch batch = open;
        records.accept(batch.out);
        boolean first = batch.bytes == 0;
        batch.bytes = batch.out.size();
        if (first && writing == null) {
            work.signal();
        }
        return batch;
    }

    @Override
    public Pending drafted() {
        Batch batch = open;
        Batch before = writing;
        return batch.bytes > 0 ? batch : before != null ? before : Pending.NOTHING;
    }

    @Override
    public void awaitRoom() {
        if (open.bytes > BATCH_BYTES) {
            await(room, () -> open.bytes <= BATCH_BYTES);
        }
    }

    /// Waits whatever interrupts come: what was begun has an outcome, and the caller must know it.
    private static void await(Gate gate, BooleanSupplier condition) {
        boolean interrupted = false;
        while (true) {
            try {
                gate.await(condition);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            if (forgotten.isEmpty()) {
                await(work, () -> closing || open.bytes > 0);
            }
            boolean last = closing;
            State state;
            Batch batch;
            synchronized (lock) {
                for (int i = 0; i < PRUNED_AT_ONCE && !forgotten.isEmpty(); i++) {
                    draft.prune(forgotten.removeFirst());
                }
                batch = open;
                state = draft.freeze();
                Output next = spare == null ? new Output(BUFFER_BYTES) : spare;
                spare = null;
                writing = batch;
                open = new Batch(next);
            }
            if (batch.bytes > BATCH_BYTES) {
                room.signal();
            }
            write(batch, state);
            if (last && batch.bytes == 0) {
                return;
            }
        }
    }

    private void write(Batch batch, State state) {
        try {
            if (batch.bytes > 0) {
                log.append(batch.out.written());
            }
        } catch (StoreUnavailableException e) {
            fail(batch, e);
            return;
        } catch (RuntimeException | Error e) {
            fail(batch, new StoreUnavailableException("the log cannot be written: " + e, true, e));
            return;
        }
        if (failing && batch.bytes > 0) {
            LOGGER.info("{}: the log can be written again", segments.directory());
            failing = false;
        }
        State before = publisher.state();
        publisher.publish(state);
        done(batch, null);
        if (state.compacted() > before.compacted()) {
            forgotten.addAll(Compaction.keys(state.newest(), state.compacted()));
            Compaction.cut(state.newest(), state.compacted());
        }
        if (log.appended() > Math.max(snapshotBytes, lastSnapshotBytes)) {
            snapshot(state);
        }
    }

    private void fail(Batch batch, StoreUnavailableException failure) {
        if (!failing) {
            LOGGER.error("{}", failure.getMessage());
        }
        failing = true;
        Batch dependent;
        synchronized (lock) {
            draft.reset(publisher.state());
            dependent = open;
            open = new Batch(new Output(BUFFER_BYTES));
        }
        done(batch, failure);
        dependent.settle(new StoreUnavailableException(String.valueOf(failure.getMessage()), false, failure));
        room.signal();
    }

    private void done(Batch batch, @Nullable StoreUnavailableException failure) {
        synchronized (lock) {
            writing = null;
            if (batch.out.capacity() <= BATCH_BYTES) {
                spare = batch.out;
            }
        }
        batch.settle(failure);
    }

    /// Begins to write a snapshot of a state that all frames so far led to.
    private void snapshot(State state) {
        if (snapshotting != null && !snapshotting.done()) {
            return;
        }
        try {
            log.roll();
        } catch (IOException e) {
            LOGGER.warn("{}: no snapshot now, for no new log segment can be begun: {}", segments.directory(), e.toString());
            return;
        }
        log.grown(-log.appended());
        AtomicReference<SnapshotFile.Source> source = new AtomicReference<>(SnapshotFile.Source.of(state, log.number()));
        snapshotting = timeline.start("store-snapshot", () -> {
            // Taken out, so that the task, when it has ended, does not hold an old state in memory.
            SnapshotFile.Source taken = source.getAndSet(null);
            if (taken != null) {
                write(taken);
            }
        });
    }

    private void write(SnapshotFile.Source source) {
        try {
            lastSnapshotBytes = SnapshotFile.write(segments, source);
            segments.deleteBefore(source.nextFrame());
        } catch (ClosedByInterruptException e) {
            LOGGER.debug("{}: a snapshot was given up, for the store is being closed", segments.directory());
        } catch (IOException e) {
            LOGGER.warn("{}: a snapshot could not be written, the log stays longer: {}", segments.directory(), e.toString());
        }
    }

    @Override
    public void close() {
        closing = true;
        work.signal();
        boolean interrupted = Thread.interrupted();
        while (!writer.done()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        Task task = snapshotting;
        if (task != null) {
            task.close();
        }
        log.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
