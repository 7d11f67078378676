package io.j8s.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every [Store] does, an etcd included. Each test works under a prefix of its own and counts revisions from where it found the store, so that they can share one.
public abstract class StoreConformance {

    protected Store store = LocalStore.inMemory(io.j8s.runtime.Timeline.system());
    private String prefix = "";
    private long start;

    /// A store to test; closed after each test.
    protected abstract Store open() throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
        start = store.revision();
        prefix = "/conformance/" + start + "/";
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private Key key(String name) {
        return Key.of(prefix + name);
    }

    private KeyRange all() {
        return KeyRange.prefix(prefix);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private Operation.Put putting(String name, String value) {
        return new Operation.Put(key(name), bytes(value));
    }

    private long put(String name, String value) {
        return store.commit(Transaction.of(putting(name, value))).revision();
    }

    private long delete(String name) {
        return store.commit(Transaction.of(new Operation.Delete(key(name)))).revision();
    }

    private Entry get(String name) {
        return Objects.requireNonNull(store.snapshot().get(key(name)));
    }

    private String describe(@Nullable Entry entry) {
        return entry == null
                ? "-"
                : entry.key().toString().substring(prefix.length()) + "=" + new String(entry.value(), UTF_8) + " c" + (entry.createRevision() - start) + " m"
                        + (entry.modRevision() - start) + " v" + entry.version();
    }

    private List<String> list(Snapshot snapshot) {
        List<String> found = new ArrayList<>();
        snapshot.forEach(all(), entry -> found.add(describe(entry)));
        return found;
    }

    private String describe(Event event) {
        return switch (event) {
            case Event.Put(Entry entry, Entry previous) -> "put " + describe(entry) + " (" + describe(previous) + ")";
            case Event.Delete(Key key, long revision, Entry previous) ->
                "delete " + key.toString().substring(prefix.length()) + " m" + (revision - start) + " (" + describe(previous) + ")";
        };
    }

    @Test
    void aPutCountsRevisionsAndVersions() {
        assertThat(put("a", "1")).isEqualTo(start + 1);
        assertThat(put("b", "2")).isEqualTo(start + 2);
        assertThat(put("a", "3")).isEqualTo(start + 3);
        assertThat(list(store.snapshot())).containsExactly("a=3 c1 m3 v2", "b=2 c2 m2 v1");
        assertThat(store.revision()).isEqualTo(start + 3);
    }

    @Test
    void aKeyThatWasDeletedBeginsAnew() {
        put("a", "1");
        assertThat(delete("a")).isEqualTo(start + 2);
        assertThat(store.snapshot().get(key("a"))).isNull();
        put("a", "2");
        assertThat(describe(get("a"))).isEqualTo("a=2 c3 m3 v1");
    }

    @Test
    void whatChangesNothingMakesNoRevision() {
        assertThat(delete("nothing")).isEqualTo(start);
        Committed read = store.commit(Transaction.of(new Operation.Read(all())));
        assertThat(read.revision()).isEqualTo(start);
        assertThat(read.results()).containsExactly(new Committed.Result.Read(List.of()));
    }

    @Test
    void anEmptyValueIsAValue() {
        put("a", "");
        assertThat(describe(get("a"))).isEqualTo("a= c1 m1 v1");
    }

    @Test
    void bytesOfAnyKindAreKeptAndOrderedUnsigned() {
        Key high = Key.of(concat(key("").bytes(), new byte[] {(byte) 0xff, 0}));
        Key low = Key.of(concat(key("").bytes(), new byte[] {0, (byte) 0x80}));
        byte[] value = {0, -1, 127, -128};
        store.commit(Transaction.of(new Operation.Put(high, value), new Operation.Put(low, value)));
        List<Key> keys = new ArrayList<>();
        store.snapshot().forEach(all(), entry -> {
            assertThat(entry.value()).isEqualTo(value);
            return keys.add(entry.key());
        });
        assertThat(keys).containsExactly(low, high);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Test
    void aTransactionChangesAllAtOneRevision() {
        Committed committed = store.commit(Transaction.of(putting("a", "1"), putting("b", "2")));
        assertThat(committed.succeeded()).isTrue();
        assertThat(committed.revision()).isEqualTo(start + 1);
        assertThat(list(store.snapshot())).containsExactly("a=1 c1 m1 v1", "b=2 c1 m1 v1");
    }

    @Test
    void aPutTellsWhatWasThereBefore() {
        assertThat(store.commit(Transaction.of(putting("a", "1"))).results()).containsExactly(new Committed.Result.Put(null));
        Committed second = store.commit(Transaction.of(putting("a", "2")));
        Committed.Result.Put result = (Committed.Result.Put) second.results().getFirst();
        assertThat(describe(result.previous())).isEqualTo("a=1 c1 m1 v1");
    }

    @Test
    void aRangeIsDeletedAtOneRevision() {
        put("a", "1");
        put("b", "2");
        put("c", "3");
        Committed committed = store.commit(Transaction.of(new Operation.Delete(new KeyRange(key("a"), key("c")))));
        assertThat(committed.revision()).isEqualTo(start + 4);
        Committed.Result.Delete result = (Committed.Result.Delete) committed.results().getFirst();
        assertThat(result.previous().stream().map(this::describe)).containsExactly("a=1 c1 m1 v1", "b=2 c2 m2 v1");
        assertThat(list(store.snapshot())).containsExactly("c=3 c3 m3 v1");
    }

    @Test
    void readsInATransactionSeeItsEarlierSteps() {
        put("a", "1");
        Committed committed = store.commit(Transaction.of(new Operation.Read(all()), putting("b", "2"), new Operation.Read(all()), new Operation.Delete(key("a")), new Operation.Read(all())));
        assertThat(reads(committed)).containsExactly(List.of("a=1 c1 m1 v1"), List.of("a=1 c1 m1 v1", "b=2 c2 m2 v1"), List.of("b=2 c2 m2 v1"));
    }

    private List<List<String>> reads(Committed committed) {
        List<List<String>> reads = new ArrayList<>();
        for (Committed.Result result : committed.results()) {
            if (result instanceof Committed.Result.Read(List<Entry> entries)) {
                reads.add(entries.stream().map(this::describe).toList());
            }
        }
        return reads;
    }

    @Test
    void conditionsChooseTheBranch() {
        long revision = put("a", "1");
        Key a = key("a");
        KeyRange only = KeyRange.only(a);
        Condition.Operator equal = Condition.Operator.EQUAL;
        assertHolds(true, Condition.unchangedSince(a, revision));
        assertHolds(false, Condition.unchangedSince(a, revision - 1));
        assertHolds(false, Condition.absent(a));
        assertHolds(true, Condition.absent(key("b")));
        assertHolds(true, new Condition.Version(only, equal, 1));
        assertHolds(true, new Condition.Version(only, Condition.Operator.GREATER, 0));
        assertHolds(true, new Condition.CreateRevision(only, Condition.Operator.LESS, revision + 1));
        assertHolds(false, new Condition.CreateRevision(only, Condition.Operator.NOT_EQUAL, revision));
        assertHolds(true, new Condition.Value(only, equal, bytes("1")));
        assertHolds(true, new Condition.Value(only, Condition.Operator.LESS, bytes("10")));
        assertHolds(true, new Condition.Lease(only, equal, 0));
        assertHolds(false, Condition.unchangedSince(a, revision), Condition.absent(a));
        assertHolds(true);
    }

    @Test
    void aValueThatIsAbsentMeetsNoCondition() {
        KeyRange nothing = KeyRange.only(key("nothing"));
        assertHolds(false, new Condition.Value(nothing, Condition.Operator.EQUAL, new byte[0]));
        assertHolds(false, new Condition.Value(nothing, Condition.Operator.NOT_EQUAL, bytes("1")));
        assertHolds(true, new Condition.Version(nothing, Condition.Operator.EQUAL, 0));
        assertHolds(true, new Condition.CreateRevision(nothing, Condition.Operator.LESS, 1));
    }

    @Test
    void aConditionOnARangeMustHoldForAllThatIsThere() {
        put("a", "1");
        put("b", "1");
        assertHolds(true, new Condition.Value(all(), Condition.Operator.EQUAL, bytes("1")));
        put("b", "2");
        assertHolds(false, new Condition.Value(all(), Condition.Operator.EQUAL, bytes("1")));
        assertHolds(true, new Condition.Version(all(), Condition.Operator.GREATER, 0));
        assertHolds(false, new Condition.Version(all(), Condition.Operator.EQUAL, 1));
    }

    private void assertHolds(boolean expected, Condition... conditions) {
        Committed committed = store.commit(new Transaction(List.of(conditions), List.of(), List.of(new Operation.Read(KeyRange.only(key("none"))))));
        assertThat(committed.succeeded()).as("%s", List.of(conditions)).isEqualTo(expected);
        assertThat(committed.results()).hasSize(expected ? 0 : 1);
    }

    @Test
    void nestedTransactionsChooseTheirBranchBeforeAnythingIsDone() {
        Transaction inner = new Transaction(
                List.of(Condition.absent(key("a"))), List.of(putting("was-absent", "1")), List.of(putting("was-there", "1")));
        Committed committed = store.commit(Transaction.of(putting("a", "1"), new Operation.Nested(inner), new Operation.Read(all())));
        assertThat(list(store.snapshot())).containsExactly("a=1 c1 m1 v1", "was-absent=1 c1 m1 v1");
        Committed nested = ((Committed.Result.Nested) committed.results().get(1)).committed();
        assertThat(nested.succeeded()).isTrue();
        assertThat(nested.revision()).isEqualTo(start + 1);
        assertThat(nested.results()).containsExactly(new Committed.Result.Put(null));
        assertThat(reads(committed)).containsExactly(List.of("a=1 c1 m1 v1", "was-absent=1 c1 m1 v1"));
    }

    @Test
    void aKeyIsWrittenAtMostOnceInATransaction() {
        Operation.Nested nested = new Operation.Nested(Transaction.of(putting("a", "2")));
        Operation.Nested either = new Operation.Nested(new Transaction(List.of(), List.of(putting("b", "1")), List.of(putting("b", "2"))));
        assertInvalid(putting("a", "1"), putting("a", "2"));
        assertInvalid(putting("a", "1"), new Operation.Delete(all()));
        assertInvalid(new Operation.Delete(key("a")), putting("a", "1"));
        assertInvalid(putting("a", "1"), nested);
        assertInvalid(new Operation.Delete(key("a")), nested);
        assertInvalid(nested, nested);
        assertThat(store.revision()).isEqualTo(start);
        assertThat(store.commit(Transaction.of(either, new Operation.Delete(key("c")), new Operation.Delete(key("c")))).succeeded()).isTrue();
        assertThat(store.commit(new Transaction(List.of(), List.of(putting("a", "1")), List.of(putting("a", "2")))).succeeded()).isTrue();
    }

    @Test
    void aKeyThatIsPutMustNotBeEmpty() {
        assertInvalid(new Operation.Put(Key.of(""), bytes("1")));
    }

    private void assertInvalid(Operation... operations) {
        assertThatThrownBy(() -> store.commit(Transaction.of(operations))).isInstanceOf(InvalidTransactionException.class);
    }

    @Test
    void aSnapshotNeverChanges() {
        put("a", "1");
        Snapshot before = store.snapshot();
        put("a", "2");
        put("b", "3");
        assertThat(list(before)).containsExactly("a=1 c1 m1 v1");
        assertThat(before.revision()).isEqualTo(start + 1);
        assertThat(before.get(key("b"))).isNull();
        assertThat(before.count(all())).isEqualTo(1);
        assertThat(store.snapshot().count(all())).isEqualTo(2);
    }

    @Test
    void earlierRevisionsCanBeRead() {
        put("a", "1");
        put("b", "2");
        put("a", "3");
        delete("b");
        assertThat(list(store.snapshot(start))).isEmpty();
        assertThat(list(store.snapshot(start + 1))).containsExactly("a=1 c1 m1 v1");
        assertThat(list(store.snapshot(start + 2))).containsExactly("a=1 c1 m1 v1", "b=2 c2 m2 v1");
        assertThat(list(store.snapshot(start + 3))).containsExactly("a=3 c1 m3 v2", "b=2 c2 m2 v1");
        assertThat(store.snapshot(start + 3).count(all())).isEqualTo(2);
        assertThat(list(store.snapshot(start + 4))).containsExactly("a=3 c1 m3 v2");
        assertThatThrownBy(() -> list(store.snapshot(start + 5))).isInstanceOf(FutureRevisionException.class);
    }

    @Test
    void aWalkEndsWhereTheVisitorSaysSo() {
        for (int i = 0; i < 100; i++) {
            put("k%02d".formatted(i), "x");
        }
        List<String> seen = new ArrayList<>();
        store.snapshot().forEach(new KeyRange(key("k10"), key("k90")), entry -> {
            seen.add(entry.key().toString().substring(prefix.length()));
            return seen.size() < 3;
        });
        assertThat(seen).containsExactly("k10", "k11", "k12");
        assertThat(store.snapshot().count(new KeyRange(key("k10"), key("k90")))).isEqualTo(80);
        assertThat(store.snapshot().count(KeyRange.prefix(key("k5")))).isEqualTo(10);
        assertThat(store.snapshot().count(KeyRange.only(key("k55")))).isEqualTo(1);
    }

    @Test
    void compactionForgetsWhatWasOverwrittenBefore() {
        put("a", "1");
        put("a", "2");
        put("b", "1");
        delete("b");
        put("c", "1");
        put("a", "3");
        store.compact(start + 5);
        assertThat(store.compactedRevision()).isEqualTo(start + 5);
        assertThat(list(store.snapshot(start + 5))).containsExactly("a=2 c1 m2 v2", "c=1 c5 m5 v1");
        assertThat(list(store.snapshot())).containsExactly("a=3 c1 m6 v3", "c=1 c5 m5 v1");
        assertThatThrownBy(() -> list(store.snapshot(start + 4)))
                .isInstanceOfSatisfying(CompactedException.class, e -> assertThat(e.compactedRevision()).isEqualTo(start + 5));
        assertThatThrownBy(() -> store.compact(start + 5)).isInstanceOf(CompactedException.class);
        assertThatThrownBy(() -> store.compact(start + 100)).isInstanceOf(FutureRevisionException.class);
        assertThat(put("a", "4")).isEqualTo(start + 7);
    }

    @Test
    void aSubscriberIsToldOfThePastThenOfWhatComes() throws Exception {
        put("a", "1");
        put("a", "2");
        try (Recorder recorder = new Recorder(start)) {
            assertThat(recorder.next()).containsExactly("put a=1 c1 m1 v1 (-)");
            assertThat(recorder.next()).containsExactly("put a=2 c1 m2 v2 (a=1 c1 m1 v1)");
            store.commit(Transaction.of(new Operation.Delete(key("a")), putting("b", "1")));
            assertThat(recorder.next()).containsExactly("delete a m3 (a=2 c1 m2 v2)", "put b=1 c3 m3 v1 (-)");
        }
    }

    @Test
    void aSubscriberIsToldNothingOfOtherKeysAndRevisionsBefore() throws Exception {
        put("a", "1");
        long after = put("a", "2");
        try (Recorder recorder = new Recorder(after)) {
            store.commit(Transaction.of(new Operation.Put(Key.of("/elsewhere" + prefix), bytes("1"))));
            put("b", "1");
            assertThat(recorder.next()).containsExactly("put b=1 c4 m4 v1 (-)");
        }
    }

    @Test
    void aSubscriptionMayBeginInTheFuture() throws Exception {
        try (Recorder recorder = new Recorder(start + 2)) {
            put("a", "1");
            put("a", "2");
            put("a", "3");
            assertThat(recorder.next()).containsExactly("put a=3 c1 m3 v3 (a=2 c1 m2 v2)");
        }
    }

    @Test
    void aSubscriptionFromACompactedRevisionIsRefused() throws Exception {
        put("a", "1");
        put("a", "2");
        put("a", "3");
        store.compact(start + 2);
        assertThatThrownBy(() -> store.subscribe(all(), start, (revision, events) -> {}))
                .isInstanceOfSatisfying(CompactedException.class, e -> assertThat(e.compactedRevision()).isEqualTo(start + 2));
        try (Recorder recorder = new Recorder(start + 2)) {
            assertThat(recorder.next().getFirst()).startsWith("put a=3 c1 m3 v3");
        }
    }

    @Test
    void keysEndWithTheirLease() throws Exception {
        long lease = store.grantLease(0, 600);
        store.commit(Transaction.of(new Operation.Put(key("b"), bytes("1"), lease, null), new Operation.Put(key("a"), bytes("1"), lease, null), putting("c", "1")));
        assertThat(get("a").lease()).isEqualTo(lease);
        Store.LeaseInfo info = Objects.requireNonNull(store.lease(lease));
        assertThat(info.keys()).containsExactlyInAnyOrder(key("a"), key("b"));
        assertThat(info.grantedSeconds()).isEqualTo(600);
        assertThat(info.remainingSeconds()).isBetween(500L, 600L);
        assertThat(store.leases()).contains(lease);
        try (Recorder recorder = new Recorder(start + 1)) {
            assertThat(store.revokeLease(lease)).isTrue();
            assertThat(recorder.next()).containsExactly("delete a m2 (a=1 c1 m1 v1)", "delete b m2 (b=1 c1 m1 v1)");
        }
        assertThat(list(store.snapshot())).containsExactly("c=1 c1 m1 v1");
        assertThat(store.lease(lease)).isNull();
        assertThat(store.revokeLease(lease)).isFalse();
        assertThat(store.keepLeaseAlive(lease)).isZero();
    }

    @Test
    void aKeyLeavesItsLeaseWhenItIsPutWithoutOne() {
        long lease = store.grantLease(0, 600);
        store.commit(Transaction.of(new Operation.Put(key("a"), bytes("1"), lease, null), new Operation.Put(key("b"), bytes("1"), lease, null)));
        put("a", "2");
        delete("b");
        assertThat(Objects.requireNonNull(store.lease(lease)).keys()).isEmpty();
        long before = store.revision();
        store.revokeLease(lease);
        assertThat(store.revision()).isEqualTo(before);
        assertThat(describe(get("a"))).isEqualTo("a=2 c1 m2 v2");
    }

    @Test
    void aLeaseThatIsNotThereRefusesThePut() {
        assertThatThrownBy(() -> store.commit(Transaction.of(putting("a", "1"), new Operation.Put(key("b"), bytes("1"), 4711, null))))
                .isInstanceOfSatisfying(LeaseException.class, e -> assertThat(e.exists()).isFalse());
        assertThat(store.revision()).isEqualTo(start);
        long lease = store.grantLease(0, 600);
        assertThatThrownBy(() -> store.grantLease(lease, 600)).isInstanceOfSatisfying(LeaseException.class, e -> assertThat(e.exists()).isTrue());
        store.revokeLease(lease);
    }

    @Test
    void aLeaseCanBeGivenItsIdAndKeptAlive() {
        long id = 0x1234_0000_0000L + start;
        assertThat(store.grantLease(id, 300)).isEqualTo(id);
        assertThat(store.keepLeaseAlive(id)).isEqualTo(300);
        assertThat(store.revokeLease(id)).isTrue();
    }

    @Test
    void aLeaseThatIsNotKeptAliveEndsByItself() throws Exception {
        long lease = store.grantLease(0, 1);
        store.commit(Transaction.of(new Operation.Put(key("a"), bytes("1"), lease, null)));
        try (Recorder recorder = new Recorder(start + 1)) {
            assertThat(recorder.next()).containsExactly("delete a m2 (a=1 c1 m1 v1)");
        }
        assertThat(store.lease(lease)).isNull();
    }

    /// Collects what a subscription tells of this test's keys; revisions without any are left out.
    private final class Recorder implements AutoCloseable {
        private final LinkedBlockingQueue<List<String>> told = new LinkedBlockingQueue<>();
        private final Store.Subscription subscription;

        Recorder(long after) {
            subscription = store.subscribe(all(), after, (revision, events) -> {
                assertThat(events).allMatch(event -> event.revision() == revision);
                if (!events.isEmpty()) {
                    told.add(events.stream().map(StoreConformance.this::describe).toList());
                }
            });
        }

        List<String> next() throws InterruptedException {
            return Objects.requireNonNull(told.poll(20, TimeUnit.SECONDS), "nothing was told");
        }

        @Override
        public void close() {
            subscription.close();
        }
    }
}
