package io.j8s.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyTest {

    private static final int CLIENTS = 100;
    private static final int INCREMENTS = 30;
    private static final Key COUNTER = Key.of("counter");

    @TempDir
    Path directory = Path.of("");

    @Test
    void manyClientsShareACounterAndSubscribersSeeEveryRevisionOnce() throws Exception {
        LocalStore.Options options = new LocalStore.Options(Disk.SYSTEM, 50_000, 100_000);
        List<List<Long>> told = new ArrayList<>();
        List<Store.Subscription> subscriptions = new ArrayList<>();
        try (LocalStore store = LocalStore.open(directory, Timeline.system(), options)) {
            List<Task> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(Timeline.system().start("client", () -> increment(store)));
            }
            for (int i = 0; i < 20; i++) {
                List<Long> revisions = Collections.synchronizedList(new ArrayList<>());
                told.add(revisions);
                subscriptions.add(store.subscribe(KeyRange.ALL, 1, (revision, events) -> {
                    // What a listener is told of can be read.
                    assertThat(store.revision()).isGreaterThanOrEqualTo(revision);
                    revisions.add(revision);
                }));
            }
            for (Task client : clients) {
                client.join();
            }
            long revision = store.revision();
            assertThat(revision).isEqualTo(1L + CLIENTS * INCREMENTS);
            assertThat(told).allSatisfy(revisions -> assertThat(revisions).containsExactlyElementsOf(LongStream.rangeClosed(2, revision).boxed().toList()));
            subscriptions.forEach(Store.Subscription::close);
        }
        try (LocalStore store = LocalStore.open(directory, Timeline.system(), options)) {
            assertThat(store.snapshot().get(COUNTER)).satisfies(entry -> assertThat(new String(entry.value(), UTF_8)).isEqualTo(Integer.toString(CLIENTS * INCREMENTS)));
        }
    }

    private static void increment(LocalStore store) {
        for (int i = 0; i < INCREMENTS; i++) {
            boolean done = false;
            while (!done) {
                Entry before = store.snapshot().get(COUNTER);
                long revision = before == null ? 0 : before.modRevision();
                int count = before == null ? 0 : Integer.parseInt(new String(before.value(), UTF_8));
                Operation.Put put = new Operation.Put(COUNTER, Integer.toString(count + 1).getBytes(UTF_8));
                Committed committed = store.commit(new Transaction(List.of(Condition.unchangedSince(COUNTER, revision)), List.of(put), List.of()));
                done = committed.succeeded();
                assertThat(store.revision()).as("what was acknowledged is readable").isGreaterThanOrEqualTo(committed.revision());
            }
        }
    }

    @Test
    void largeValuesFromManyClientsWaitForRoom() throws Exception {
        try (LocalStore store = LocalStore.open(directory, Timeline.system())) {
            List<Task> clients = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Key key = Key.of("large" + i);
                clients.add(Timeline.system().start("client", () -> {
                    for (int round = 0; round < 4; round++) {
                        store.commit(Transaction.of(new Operation.Put(key, new byte[1_000_000])));
                    }
                }));
            }
            for (Task client : clients) {
                client.join();
            }
            store.compact(store.revision());
            assertThat(store.snapshot().count(KeyRange.ALL)).isEqualTo(40);
            assertThat(store.revision()).isEqualTo(161);
        }
        try (LocalStore store = LocalStore.open(directory, Timeline.system())) {
            assertThat(store.snapshot().count(KeyRange.ALL)).isEqualTo(40);
        }
    }

    @Test
    void aCallerThatIsInterruptedStillLearnsTheOutcome() throws Exception {
        try (LocalStore store = LocalStore.open(directory, Timeline.system())) {
            AtomicInteger done = new AtomicInteger();
            Task task = Timeline.system().start("interrupted", () -> {
                Thread.currentThread().interrupt();
                store.commit(Transaction.of(new Operation.Put(COUNTER, new byte[1])));
                done.set(Thread.currentThread().isInterrupted() ? 1 : -1);
            });
            task.join();
            assertThat(done).hasValue(1);
            assertThat(store.revision()).isEqualTo(2);
            store.commit(Transaction.of(new Operation.Put(COUNTER, new byte[1])));
            assertThat(store.revision()).isEqualTo(3);
        }
    }

    @Test
    void attachmentsTravelWithTheirValuesUntilARestart() {
        Object decoded = new Object();
        Operation.Put put = new Operation.Put(COUNTER, new byte[1], 0, decoded);
        try (LocalStore store = LocalStore.open(directory, Timeline.system())) {
            List<Event> events = new ArrayList<>();
            store.subscribe(KeyRange.ALL, 1, (revision, changes) -> events.addAll(changes));
            store.commit(Transaction.of(put));
            assertThat(store.snapshot().get(COUNTER)).satisfies(entry -> assertThat(entry.attachment()).isSameAs(decoded));
            assertThat(events).allSatisfy(event -> assertThat(((Event.Put) event).entry().attachment()).isSameAs(decoded));
        }
        try (LocalStore store = LocalStore.open(directory, Timeline.system())) {
            assertThat(store.snapshot().get(COUNTER)).satisfies(entry -> assertThat(entry.attachment()).isNull());
        }
    }

    @Test
    void aListenerThatFailsStopsNeitherTheCommitNorTheOthers() {
        try (LocalStore store = LocalStore.inMemory(Timeline.system())) {
            List<Long> told = new ArrayList<>();
            store.subscribe(KeyRange.ALL, 1, (revision, events) -> {
                throw new IllegalStateException("a fault of the listener's");
            });
            store.subscribe(KeyRange.ALL, 1, (revision, events) -> told.add(revision));
            store.commit(Transaction.of(new Operation.Put(COUNTER, new byte[1])));
            store.commit(Transaction.of(new Operation.Put(COUNTER, new byte[1])));
            assertThat(told).containsExactly(2L, 3L);
        }
    }
}
