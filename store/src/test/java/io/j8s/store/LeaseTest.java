package io.j8s.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.runtime.SimulatedTimeline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Leases in simulated time: they end to the second, and cost nothing until then.
class LeaseTest {

    @TempDir
    Path directory = Path.of("");

    private static void put(Store store, String key, long lease) {
        store.commit(Transaction.of(new Operation.Put(Key.of(key), new byte[1], lease, null)));
    }

    private abstract static class Cases {

        abstract Function<SimulatedTimeline, Store> opener();

        @Test
        void eachLeaseEndsAtItsOwnTime() {
            try (SimulatedTimeline timeline = new SimulatedTimeline(1); Store store = opener().apply(timeline)) {
                List<String> ended = new ArrayList<>();
                store.subscribe(KeyRange.ALL, 1, (revision, events) -> events.forEach(event -> {
                    if (event instanceof Event.Delete) {
                        ended.add(event.key() + " after " + Duration.between(SimulatedTimeline.START, timeline.now()).toSeconds());
                    }
                }));
                put(store, "long", store.grantLease(0, 3600));
                put(store, "short", store.grantLease(0, 5));
                put(store, "middle", store.grantLease(0, 60));
                put(store, "for-ever", 0);
                timeline.advance(Duration.ofHours(2));
                assertThat(ended).containsExactly("short after 5", "middle after 60", "long after 3600");
                assertThat(store.leases()).isEmpty();
                assertThat(store.snapshot().count(KeyRange.ALL)).isEqualTo(1);
                assertThat(timeline.failures()).isEmpty();
            }
        }

        @Test
        void aSignOfLifeRestartsTheTime() {
            try (SimulatedTimeline timeline = new SimulatedTimeline(1); Store store = opener().apply(timeline)) {
                long lease = store.grantLease(0, 10);
                put(store, "key", lease);
                for (int i = 0; i < 10; i++) {
                    timeline.advance(Duration.ofSeconds(9));
                    assertThat(store.keepLeaseAlive(lease)).isEqualTo(10);
                }
                timeline.advance(Duration.ofSeconds(9));
                assertThat(store.snapshot().count(KeyRange.ALL)).isEqualTo(1);
                timeline.advance(Duration.ofSeconds(2));
                assertThat(store.snapshot().count(KeyRange.ALL)).isZero();
                assertThat(store.keepLeaseAlive(lease)).isZero();
            }
        }
    }

    @Nested
    class InMemory extends Cases {
        @Override
        Function<SimulatedTimeline, Store> opener() {
            return LocalStore::inMemory;
        }
    }

    @Nested
    class InADirectory extends Cases {
        @Override
        Function<SimulatedTimeline, Store> opener() {
            return timeline -> LocalStore.open(directory, timeline);
        }
    }

    @Test
    void afterARestartALeaseHasItsFullTimeAgain() {
        long lease;
        try (SimulatedTimeline timeline = new SimulatedTimeline(1)) {
            try (Store store = LocalStore.open(directory, timeline)) {
                lease = store.grantLease(0, 100);
                put(store, "key", lease);
                timeline.advance(Duration.ofSeconds(90));
            }
            try (Store store = LocalStore.open(directory, timeline)) {
                timeline.advance(Duration.ofSeconds(90));
                assertThat(store.leases()).containsExactly(lease);
                timeline.advance(Duration.ofSeconds(11));
                assertThat(store.leases()).isEmpty();
                assertThat(store.snapshot().count(KeyRange.ALL)).isZero();
            }
        }
    }
}
