package io.j8s.store;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A revisioned key-value store with the semantics of etcd v3 (API reference "KV", "Watch", "Lease"), for keys and values that are bytes.
///
/// Each committed transaction that changes anything gets the next revision; a store starts at revision 1 with nothing in it. Nothing is acknowledged, readable or
/// watched before it is durable. All methods may be called from any thread.
///
/// Errors: [CompactedException] for a revision that is gone, [FutureRevisionException] for one that is not there yet, [StoreUnavailableException] when
/// writes cannot be made durable now (disk full, connection lost): the transaction then has not happened, unless the exception says that this is unknown,
/// [InvalidTransactionException] for one that could never be done (a key written twice, an empty key), [LeaseException] for a lease that is not there or is there already.
public interface Store extends AutoCloseable {

    /// Runs a transaction; returns once it is durable and published.
    Committed commit(Transaction transaction);

    /// A consistent view at the newest published revision.
    Snapshot snapshot();

    /// A consistent view at an earlier revision.
    Snapshot snapshot(long revision);

    /// The newest published revision.
    long revision();

    /// The revision below which history is gone (0 when nothing was compacted).
    long compactedRevision();

    /// Subscribes to all changes of keys in a range after (not including) a revision: the listener is called in order of revision by one thread at a time,
    /// first with what lies in the past (by the calling thread, before `subscribe` returns, as far as the store is local), then with each transaction as it is
    /// published and before its `commit` returns. Closing the subscription ends the calls (one that runs at that moment may still end).
    ///
    /// @param afterRevision at least `compactedRevision() - 1`, else [CompactedException]; it may lie in the future: then nothing is told until it is passed
    Subscription subscribe(KeyRange range, long afterRevision, Listener listener);

    /// Forgets history below a revision: values that were overwritten or deleted before it. The live values of the revision itself stay.
    /// A revision that was compacted already is answered by [CompactedException], one that is not there yet by [FutureRevisionException].
    void compact(long revision);

    /// The newest revision after which more than so many bytes were written, values and what belongs to them, as far as this process holds them; 0 when it holds no
    /// more than that. [#compact]ing there bounds the memory that history takes.
    default long oldestRevisionWithin(long bytes) {
        return 0;
    }

    /// Creates a lease that lives so many seconds (at least one; a store may give more) unless kept alive; id 0 lets the store choose. Returns its id.
    /// After a restart of the store every lease has its full time again.
    long grantLease(long id, long timeToLiveSeconds);

    /// Restarts the lease's time; returns the seconds it now has, or 0 when there is no such lease.
    long keepLeaseAlive(long id);

    /// Ends the lease and deletes its keys in one revision; false when there is no such lease.
    boolean revokeLease(long id);

    /// What is known of a lease, or null.
    @Nullable LeaseInfo lease(long id);

    List<Long> leases();

    /// The bytes that it takes on disk; 0 when it is in memory only, -1 when that cannot be found out now.
    default long sizeBytes() {
        return 0;
    }

    /// Whether others write here too, beside this process: then what it was told of so far need not be the newest.
    default boolean shared() {
        return false;
    }

    /// Whether it can be read now, found out within a time; throws [StoreUnavailableException] when it cannot.
    default void check(Duration atMost) {
        revision();
    }

    /// Whether what is stored under a key has a form in which it would no longer be stored: then storing the same again is worth while.
    default boolean outdated(Key key) {
        return false;
    }

    /// Stops; waits for what was begun. What was acknowledged stays.
    @Override
    void close();

    /// Told of changes. Must be quick and must not block or commit: it runs on the way of every write.
    @FunctionalInterface
    interface Listener {
        /// All changes of one revision that lie in the range, in the order in which the transaction made them (possibly none).
        void changed(long revision, List<Event> events);

        /// The subscription has ended by itself: what comes next was compacted away before it could be told (only a remote store that was out of reach for
        /// long does this). Read everything anew, and subscribe from there.
        default void lost(CompactedException cause) {
            throw cause;
        }
    }

    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    record LeaseInfo(long id, long grantedSeconds, long remainingSeconds, List<Key> keys) {}
}
