package io.j8s.etcd;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Timeline;
import io.j8s.store.Committed;
import io.j8s.store.CompactedException;
import io.j8s.store.FutureRevisionException;
import io.j8s.store.InvalidTransactionException;
import io.j8s.store.Key;
import io.j8s.store.KeyRange;
import io.j8s.store.LeaseException;
import io.j8s.store.Operation;
import io.j8s.store.Snapshot;
import io.j8s.store.Store;
import io.j8s.store.StoreUnavailableException;
import io.j8s.store.Transaction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A store in an etcd (3.4 or newer), over its v3 API. It keeps nothing itself but the newest revisions of the one watch that serves all subscriptions.
///
/// It differs from the embedded store where a remote one must: every read is a call (`snapshot` and `revision` are linearizable); a snapshot ends when its revision is
/// compacted; attachments do not come back; a commit waits until subscribers were told, but no longer than ten seconds when the watch is broken.
public final class EtcdStore implements Store {

    private static final Duration SIZE_WITHIN = Duration.ofSeconds(1);
    /// A key that is never there: asking for it tells the revision and costs nothing.
    private static final KeyRange NOTHING = KeyRange.only(Key.of(new byte[] {0}));
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Calls calls;
    private final Timeline timeline;
    private final WatchHub hub;

    private EtcdStore(Calls calls, Timeline timeline) {
        this.calls = calls;
        this.timeline = timeline;
        this.hub = new WatchHub(calls, timeline);
    }

    /// Connects when first used.
    public static EtcdStore of(EtcdOptions options, Timeline timeline) {
        return new EtcdStore(new Calls(options, timeline), timeline);
    }

    @Override
    public Committed commit(Transaction transaction) {
        boolean changes = changes(transaction);
        Message request = Requests.transaction(transaction);
        Committed committed = Responses.committed(changes ? once(Calls.TXN, request) : repeatable(Calls.TXN, request));
        if (changes) {
            hub.awaitTold(committed.revision());
        }
        return committed;
    }

    private static boolean changes(Transaction transaction) {
        return changes(transaction.then()) || changes(transaction.otherwise());
    }

    private static boolean changes(List<Operation> operations) {
        return operations.stream().anyMatch(operation -> switch (operation) {
            case Operation.Read read -> false;
            case Operation.Put put -> true;
            case Operation.Delete delete -> true;
            case Operation.Nested nested -> changes(nested.transaction());
        });
    }

    @Override
    public Snapshot snapshot() {
        return new EtcdSnapshot(this, revision());
    }

    @Override
    public Snapshot snapshot(long revision) {
        range(NOTHING, Math.max(1, revision), 1, false);
        return new EtcdSnapshot(this, revision);
    }

    @Override
    public long revision() {
        return Responses.revision(repeatable(Calls.RANGE, Requests.range(NOTHING, 0, 1, true, false)));
    }

    Responses.Range range(KeyRange keys, long revision, int limit, boolean countOnly) {
        try {
            return Responses.Range.read(calls.repeatable(Calls.RANGE, Requests.range(keys, revision, limit, false, countOnly)));
        } catch (StatusRuntimeException e) {
            throw translated(e, revision);
        }
    }

    /// etcd tells it only to a watch that asks for what is gone.
    @Override
    public long compactedRevision() {
        try {
            calls.repeatable(Calls.RANGE, Requests.range(NOTHING, 1, 1, true, false));
            return 0;
        } catch (StatusRuntimeException e) {
            if (!Calls.isCompacted(e)) {
                throw translated(e, 1);
            }
        }
        Gate gate = timeline.gate();
        try (WatchStream stream = new WatchStream(calls, 1, gate, (revision, events) -> {})) {
            gate.await(() -> stream.end() != null, PATIENCE);
            CompactedException compacted = stream.compacted();
            if (compacted != null) {
                return compacted.compactedRevision();
            }
            throw calls.unavailable(new StatusRuntimeException(Status.UNAVAILABLE.withDescription(String.valueOf(stream.end()))), false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted while waiting for etcd", false, e);
        }
    }

    @Override
    public Subscription subscribe(KeyRange range, long afterRevision, Listener listener) {
        long newest = revision();
        if (afterRevision < newest) {
            range(NOTHING, Math.max(1, afterRevision + 1), 1, false);
        }
        return hub.subscribe(range, afterRevision, listener, newest);
    }

    @Override
    public void compact(long revision) {
        try {
            calls.once(Calls.COMPACT, Requests.compaction(revision));
        } catch (StatusRuntimeException e) {
            throw translated(e, revision);
        }
    }

    @Override
    public long grantLease(long id, long timeToLiveSeconds) {
        try {
            return Responses.Lease.read(calls.once(Calls.LEASE_GRANT, Requests.leaseGrant(id, Math.max(1, timeToLiveSeconds)))).id();
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.FAILED_PRECONDITION) {
                throw LeaseException.exists(id);
            }
            throw translated(e, 0);
        }
    }

    @Override
    public long keepLeaseAlive(long id) {
        Answer answer = new Answer(timeline.gate());
        Calls.Stream stream = calls.stream(Calls.LEASE_KEEP_ALIVE, answer);
        try {
            stream.call().request(1);
            stream.send(Requests.lease(id));
            stream.call().halfClose();
            return Responses.Lease.read(answer.await(calls)).seconds();
        } finally {
            stream.cancel();
        }
    }

    @Override
    public boolean revokeLease(long id) {
        try {
            long revision = Responses.revision(calls.once(Calls.LEASE_REVOKE, Requests.lease(id)));
            // The revocation's own revision is the newest now, or others have followed: all keys are gone for subscribers once that has been told.
            if (revision > 0) {
                hub.awaitTold(revision());
            }
            return true;
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return false;
            }
            throw translated(e, 0);
        }
    }

    @Override
    public @Nullable LeaseInfo lease(long id) {
        return Responses.leaseInfo(repeatable(Calls.LEASE_TIME_TO_LIVE, Requests.leaseTimeToLive(id)));
    }

    @Override
    public List<Long> leases() {
        return Responses.leases(repeatable(Calls.LEASES, new Message()));
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public void check(Duration atMost) {
        try {
            calls.quickly(Calls.RANGE, Requests.range(NOTHING, 0, 1, true, false), atMost);
        } catch (StatusRuntimeException e) {
            throw translated(e, 0);
        }
    }

    @Override
    public long sizeBytes() {
        try {
            return Responses.databaseBytes(calls.quickly(Calls.STATUS, new Message(), SIZE_WITHIN));
        } catch (StatusRuntimeException | StoreUnavailableException e) {
            return -1;
        }
    }

    @Override
    public void close() {
        hub.close();
        calls.close();
    }

    private byte[] once(MethodDescriptor<byte[], byte[]> method, Message request) {
        try {
            return calls.once(method, request);
        } catch (StatusRuntimeException e) {
            throw translated(e, 0);
        }
    }

    private byte[] repeatable(MethodDescriptor<byte[], byte[]> method, Message request) {
        try {
            return calls.repeatable(method, request);
        } catch (StatusRuntimeException e) {
            throw translated(e, 0);
        }
    }

    /// What etcd's error is in the store's words.
    private RuntimeException translated(StatusRuntimeException e, long revision) {
        if (Calls.isCompacted(e)) {
            return new CompactedException(revision, compactedRevision());
        }
        if (Calls.isFuture(e)) {
            return new FutureRevisionException(revision, revision());
        }
        return switch (e.getStatus().getCode()) {
            case INVALID_ARGUMENT -> new InvalidTransactionException(Calls.description(e));
            case NOT_FOUND -> LeaseException.notFound(0);
            case RESOURCE_EXHAUSTED -> calls.unavailable(e, false);
            default -> calls.unavailable(e, true);
        };
    }

    /// The one answer of a stream that is asked once.
    private static final class Answer extends ClientCall.Listener<byte[]> {
        private final Gate gate;
        private final Deque<byte[]> answers = new ArrayDeque<>();
        private volatile boolean answered;
        private volatile @Nullable Status end;

        Answer(Gate gate) {
            this.gate = gate;
        }

        @Override
        public void onMessage(byte[] message) {
            synchronized (answers) {
                answers.add(message);
            }
            answered = true;
            gate.signal();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end = status;
            gate.signal();
        }

        byte[] await(Calls calls) {
            try {
                gate.await(() -> answered || end != null, PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreUnavailableException("interrupted while waiting for etcd", true, e);
            }
            synchronized (answers) {
                byte[] answer = answers.poll();
                if (answer != null) {
                    return answer;
                }
            }
            Status status = end;
            throw calls.unavailable(new StatusRuntimeException(status == null ? Status.DEADLINE_EXCEEDED : status), true);
        }
    }
}
