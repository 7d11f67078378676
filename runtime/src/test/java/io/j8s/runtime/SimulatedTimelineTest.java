package io.j8s.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulatedTimelineTest {

    @Test
    void anHourPassesWithoutWaiting() {
        try (SimulatedTimeline time = new SimulatedTimeline(1)) {
            List<String> seen = new ArrayList<>();
            time.schedule(Duration.ofMinutes(30), "half", () -> seen.add("half at " + time.now()));
            time.schedule(Duration.ofHours(2), "late", () -> seen.add("late"));
            time.advance(Duration.ofHours(1));
            assertThat(seen).containsExactly("half at 2026-01-01T00:30:00Z");
            assertThat(time.now()).isEqualTo("2026-01-01T01:00:00Z");
        }
    }

    @Test
    void theSameSeedGivesTheSameRunAndOthersDiffer() {
        assertThat(trace(7)).isEqualTo(trace(7));
        Set<List<String>> different = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            different.add(trace(seed));
        }
        assertThat(different).hasSizeGreaterThan(10);
    }

    private static List<String> trace(long seed) {
        List<String> seen = new ArrayList<>();
        try (SimulatedTimeline time = new SimulatedTimeline(seed)) {
            for (int i = 0; i < 5; i++) {
                String name = "t" + i;
                time.start(name, () -> {
                    for (int step = 0; step < 5; step++) {
                        seen.add(name + "." + step);
                        time.sleep(Duration.ofMillis(1 + time.random().nextInt(3)));
                    }
                });
            }
            time.run(() -> seen.size() == 25);
            seen.add(Long.toString(time.fingerprint()));
        }
        return seen;
    }

    @Test
    void aSignalWakesWhoWaitsAtAGate() {
        try (SimulatedTimeline time = new SimulatedTimeline(3)) {
            List<Integer> box = new ArrayList<>();
            List<Integer> taken = new ArrayList<>();
            Gate gate = time.gate();
            time.start("taker", () -> {
                while (taken.size() < 3) {
                    gate.await(() -> !box.isEmpty());
                    taken.add(box.removeFirst());
                }
            });
            time.start("giver", () -> {
                for (int i = 0; i < 3; i++) {
                    time.sleep(Duration.ofSeconds(1));
                    box.add(i);
                    gate.signal();
                }
            });
            time.run(() -> taken.size() == 3);
            assertThat(taken).containsExactly(0, 1, 2);
            assertThat(time.nanoTime()).isEqualTo(Duration.ofSeconds(3).toNanos());
        }
    }

    @Test
    void aBoundedWaitEndsOnTime() {
        try (SimulatedTimeline time = new SimulatedTimeline(3)) {
            List<Boolean> held = new ArrayList<>();
            Gate gate = time.gate();
            time.start("waiter", () -> held.add(gate.await(() -> false, Duration.ofSeconds(5))));
            time.advance(Duration.ofSeconds(4));
            assertThat(held).isEmpty();
            gate.signal();
            time.advance(Duration.ofSeconds(1));
            assertThat(held).containsExactly(false);
        }
    }

    @Test
    void aDeadlockIsReportedWithEveryTaskAndItsPlace() {
        try (SimulatedTimeline time = new SimulatedTimeline(3)) {
            Gate gate = time.gate();
            time.start("stuck one", () -> gate.await(() -> false));
            assertThatThrownBy(() -> time.run(() -> false))
                    .isInstanceOf(StalledException.class)
                    .hasMessageContaining("stuck one")
                    .hasMessageContaining("SimulatedTimelineTest")
                    .hasMessageContaining("seed 3");
        }
    }

    @Test
    void cancellingInterruptsATaskAndJoinWaitsForItsEnd() {
        try (SimulatedTimeline time = new SimulatedTimeline(3)) {
            List<String> seen = new ArrayList<>();
            Task sleeper = time.start("sleeper", () -> {
                try {
                    time.sleep(Duration.ofDays(1));
                } finally {
                    seen.add("ended");
                }
            });
            Task early = time.schedule(Duration.ofSeconds(1), "early", () -> seen.add("never"));
            time.start("closer", () -> {
                time.sleep(Duration.ofMillis(1));
                early.cancel();
                sleeper.close();
                seen.add("closed " + sleeper.done());
            });
            time.advance(Duration.ofSeconds(10));
            assertThat(seen).containsExactly("ended", "closed true");
        }
    }

    @Test
    void theDriverMayWaitItself() throws InterruptedException {
        try (SimulatedTimeline time = new SimulatedTimeline(3)) {
            Task task = time.start("worker", () -> time.sleep(Duration.ofMinutes(1)));
            task.join();
            assertThat(time.nanoTime()).isEqualTo(Duration.ofMinutes(1).toNanos());
            time.sleep(Duration.ofMinutes(1));
            assertThat(time.nanoTime()).isEqualTo(Duration.ofMinutes(2).toNanos());
        }
    }

    @Test
    void closingEndsEveryTaskAndItsThread() {
        SimulatedTimeline time = new SimulatedTimeline(3);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            time.start("loop", () -> {
                threads.add(Thread.currentThread());
                while (true) {
                    time.sleep(Duration.ofSeconds(1));
                }
            });
        }
        time.advance(Duration.ofSeconds(5));
        time.close();
        assertThat(threads).hasSize(10);
        assertThat(time.describe()).contains("0 unfinished");
    }

    @Test
    void anExceptionEndsOnlyItsTask() {
        try (SimulatedTimeline time = new SimulatedTimeline(3)) {
            Task failing = time.start("failing", () -> {
                throw new IllegalStateException("meant to fail");
            });
            Task other = time.start("other", () -> time.sleep(Duration.ofSeconds(1)));
            time.run(() -> failing.done() && other.done());
            assertThat(time.failures()).singleElement().asString().contains("meant to fail");
        }
    }

    @Test
    void aGoalThatThrowsIsThrownInTheDriver() {
        try (SimulatedTimeline time = new SimulatedTimeline(3)) {
            time.start("loop", () -> {
                while (true) {
                    time.sleep(Duration.ofSeconds(1));
                }
            });
            assertThatThrownBy(() -> time.run(() -> {
                        if (time.nanoTime() > 3_000_000_000L) {
                            throw new AssertionError("an invariant broke");
                        }
                        return false;
                    }))
                    .hasMessage("an invariant broke");
        }
    }
}
