package io.j8s.store;

import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The embedded store: an index in memory and, unless it is [in memory only][#inMemory], a commit log with snapshots in a directory.
///
/// Threads: callers evaluate their own transactions under `lock`, one at a time, and wait until one writer thread has made them durable together (see [GroupCommit]);
/// readers take no lock. In memory there is no other thread: a commit publishes and returns.
///
/// History: everything since the last compaction can be read and subscribed to, after a restart too.
///
/// Values handed in become part of the store: their arrays must not be changed afterwards.
public final class LocalStore implements Store {

    private final Timeline timeline;
    /// Guards `draft`, `closed` and the order of commits. Taken before the publisher's; never held while waiting.
    private final Object lock = new Object();
    private final Draft draft;
    private final Publisher publisher;
    private final Committer committer;
    private final LeaseClock leaseClock;
    private final @Nullable Directory directory;
    private final @Nullable Segments files;
    private volatile boolean closed;

    /// How a store in a directory behaves.
    ///
    /// @param segmentBytes at which size a log segment is followed by another
    /// @param snapshotBytes how much log at least makes a snapshot worth while; it must also have outgrown the last snapshot
    record Options(Disk disk, long segmentBytes, long snapshotBytes) {
        static final Options DEFAULT = new Options(Disk.SYSTEM, 32L << 20, 64L << 20);
    }

    private LocalStore(Timeline timeline, State state) {
        this.timeline = timeline;
        this.draft = new Draft(state);
        this.publisher = new Publisher(state);
        this.committer = new Committer.Immediate(draft, publisher);
        this.leaseClock = new LeaseClock(timeline, publisher::state, this::expire);
        this.directory = null;
        this.files = null;
    }

    private LocalStore(Timeline timeline, Directory directory, Recovery.Recovered recovered, Segments segments, Options options) {
        this.timeline = timeline;
        this.draft = new Draft(recovered.state());
        this.publisher = new Publisher(recovered.state());
        this.committer = new GroupCommit(lock, draft, publisher, recovered, segments, timeline, options.snapshotBytes());
        this.leaseClock = new LeaseClock(timeline, publisher::state, this::expire);
        this.directory = directory;
        this.files = segments;
        leaseClock.armForNext();
    }

    /// A store that is gone when it is closed.
    public static LocalStore inMemory(Timeline timeline) {
        return new LocalStore(timeline, State.EMPTY);
    }

    /// Opens the store in a directory, which is made when it is not there.
    ///
    /// @throws CorruptStoreException when a file is damaged
    /// @throws StoreOpenException when the directory is in use, cannot be read, or was written by a newer version
    public static LocalStore open(Path directory, Timeline timeline) {
        return open(directory, timeline, Options.DEFAULT);
    }

    static LocalStore open(Path directory, Timeline timeline, Options options) {
        try {
            Directory locked = Directory.lock(directory);
            boolean opened = false;
            try {
                Segments segments = new Segments(directory, options.disk(), timeline.random());
                Recovery.Recovered recovered = Recovery.recover(segments, options.segmentBytes(), timeline.nanoTime());
                LocalStore store = new LocalStore(timeline, locked, recovered, segments, options);
                opened = true;
                return store;
            } finally {
                if (!opened) {
                    locked.close();
                }
            }
        } catch (IOException e) {
            throw new StoreOpenException(directory + ": cannot be opened as a store: " + e, e);
        }
    }

    @Override
    public Committed commit(Transaction transaction) {
        TransactionCheck.check(transaction);
        committer.awaitRoom();
        Committed committed;
        Committer.Pending pending;
        synchronized (lock) {
            ensureOpen();
            long before = draft.revision();
            committed = draft.commit(transaction);
            pending = draft.revision() == before ? committer.drafted() : committer.committed(this::newestRevision);
        }
        pending.await();
        return committed;
    }

    private void newestRevision(Output out) {
        Revised newest = draft.newest();
        if (newest != null) {
            Records.revision(out, newest);
        }
    }

    private void ensureOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
    }

    @Override
    public Snapshot snapshot() {
        State state = publisher.state();
        return new LocalSnapshot(state, state.revision());
    }

    @Override
    public Snapshot snapshot(long revision) {
        State state = publisher.state();
        if (revision > state.revision()) {
            throw new FutureRevisionException(revision, state.revision());
        }
        if (revision < state.compacted()) {
            throw new CompactedException(revision, state.compacted());
        }
        return new LocalSnapshot(state, revision);
    }

    @Override
    public long revision() {
        return publisher.state().revision();
    }

    @Override
    public long compactedRevision() {
        return publisher.state().compacted();
    }

    @Override
    public Subscription subscribe(KeyRange range, long afterRevision, Listener listener) {
        ensureOpen();
        return publisher.subscribe(range, afterRevision, listener);
    }

    @Override
    public long oldestRevisionWithin(long bytes) {
        Revised newest = publisher.state().newest();
        return newest == null ? 0 : newest.oldestWithin(bytes);
    }

    @Override
    public long sizeBytes() {
        return files == null ? 0 : files.sizeBytes();
    }

    @Override
    public void compact(long revision) {
        write(() -> draft.compact(revision), out -> Records.compact(out, revision));
    }

    @Override
    public long grantLease(long id, long timeToLiveSeconds) {
        Lease[] granted = new Lease[1];
        write(
                () -> {
                    if (id != 0 && draft.lease(id) != null) {
                        throw LeaseException.exists(id);
                    }
                    granted[0] = new Lease(id == 0 ? freeLease() : id, Math.max(1, timeToLiveSeconds), timeline.nanoTime());
                    draft.grant(granted[0]);
                },
                out -> Records.grant(out, granted[0]));
        leaseClock.arm(granted[0].remainingNanos(timeline.nanoTime()));
        return granted[0].id;
    }

    private long freeLease() {
        long id = 0;
        while (id == 0 || draft.lease(id) != null) {
            id = timeline.random().nextLong() & Long.MAX_VALUE;
        }
        return id;
    }

    @Override
    public long keepLeaseAlive(long id) {
        Lease lease = publisher.state().leases().get(Lease.key(id));
        if (lease == null) {
            return 0;
        }
        synchronized (lock) {
            long now = timeline.nanoTime();
            if (draft.lease(id) == null || lease.remainingNanos(now) <= 0) {
                return 0;
            }
            lease.renew(now);
            return lease.seconds;
        }
    }

    @Override
    public boolean revokeLease(long id) {
        return revoke(id, false);
    }

    private void expire(long id) {
        revoke(id, true);
    }

    private boolean revoke(long id, boolean onlyIfOver) {
        boolean[] present = new boolean[1];
        long[] before = new long[1];
        write(
                () -> {
                    Lease lease = draft.lease(id);
                    present[0] = lease != null && (!onlyIfOver || lease.remainingNanos(timeline.nanoTime()) <= 0);
                    before[0] = draft.revision();
                    if (present[0]) {
                        draft.revoke(id);
                    }
                    return present[0];
                },
                out -> {
                    Records.revoke(out, id);
                    if (draft.revision() > before[0]) {
                        newestRevision(out);
                    }
                });
        return present[0];
    }

    @Override
    public @Nullable LeaseInfo lease(long id) {
        State state = publisher.state();
        Lease lease = state.leases().get(Lease.key(id));
        if (lease == null) {
            return null;
        }
        List<Key> keys = new ArrayList<>();
        state.held().forEach(KeyRange.prefix(Lease.key(id)), item -> keys.add(item.target()));
        long remaining = Math.max(0, Math.ceilDiv(lease.remainingNanos(timeline.nanoTime()), 1_000_000_000L));
        return new LeaseInfo(id, lease.seconds, remaining, List.copyOf(keys));
    }

    @Override
    public List<Long> leases() {
        List<Long> ids = new ArrayList<>();
        publisher.state().leases().forEach(KeyRange.ALL, lease -> ids.add(lease.id));
        return ids;
    }

    private void write(Runnable change, Consumer<Output> records) {
        write(
                () -> {
                    change.run();
                    return true;
                },
                records);
    }

    /// Makes a change, and waits until it is durable.
    ///
    /// @param change answers whether it changed anything
    private void write(BooleanSupplier change, Consumer<Output> records) {
        committer.awaitRoom();
        Committer.Pending pending;
        synchronized (lock) {
            ensureOpen();
            pending = change.getAsBoolean() ? committer.committed(records) : committer.drafted();
        }
        pending.await();
    }

    @Override
    public void close() {
        leaseClock.close();
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
        }
        committer.close();
        publisher.close();
        if (directory != null) {
            try {
                directory.close();
            } catch (IOException e) {
                throw new StoreOpenException("the lock of the store's directory cannot be released: " + e, e);
            }
        }
    }
}
