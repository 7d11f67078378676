package io.j8s.client.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.runtime.SimulatedTimeline;
import io.j8s.runtime.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
    private final SimulatedTimeline time = new SimulatedTimeline(11);
    private final WorkQueue<String> queue = new WorkQueue<>("test", time);

    @AfterEach
    void close() {
        time.close();
    }

    @Test
    void anItemThatWaitsIsNotAddedAgain() throws InterruptedException {
        queue.add("a");
        queue.add("a");
        queue.add("b");
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.take()).isEqualTo("a");
        assertThat(queue.take()).isEqualTo("b");
    }

    @Test
    void anItemInWorkComesBackWhenItIsDone() throws InterruptedException {
        queue.add("a");
        assertThat(queue.take()).isEqualTo("a");
        queue.add("a");
        queue.add("a");
        assertThat(queue.size()).isZero();
        queue.done("a");
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.take()).isEqualTo("a");
        queue.done("a");
        assertThat(queue.idle()).isTrue();
    }

    @Test
    void whatComesForARestingItemIsGivenOutOnceWhenItHasRested() throws InterruptedException {
        queue.add("a");
        queue.take();
        queue.add("a"); // while it is worked on
        queue.done("a", Duration.ofMillis(100));
        queue.add("a"); // while it rests
        queue.add("b");
        assertThat(queue.take()).isEqualTo("b");
        assertThat(queue.size()).isZero();
        assertThat(queue.idle()).isFalse();
        time.advance(Duration.ofMillis(99));
        queue.addAfter("c", Duration.ZERO);
        assertThat(queue.take()).isEqualTo("c");
        time.advance(Duration.ofMillis(1));
        assertThat(queue.take()).isEqualTo("a");
        queue.done("a");
        queue.done("b");
        queue.done("c");
        assertThat(queue.idle()).isTrue();
    }

    @Test
    void aRestKeepsNoRetryAndNoLaterItemWaiting() throws InterruptedException {
        queue.add("a");
        queue.take();
        queue.retry("a");
        queue.done("a", Duration.ofSeconds(10));
        time.advance(Duration.ofMillis(5));
        assertThat(queue.take()).isEqualTo("a");
        queue.done("a", Duration.ofSeconds(10));
        queue.add("b");
        assertThat(queue.take()).isEqualTo("b");
        time.advance(Duration.ofSeconds(11));
        queue.add("a");
        assertThat(queue.take()).isEqualTo("a");
    }

    @Test
    void noTwoWorkersEverHaveOneItem() {
        Set<String> held = new HashSet<>();
        List<String> clashes = new ArrayList<>();
        int[] handled = {0};
        for (int i = 0; i < 5; i++) {
            time.start("worker", () -> {
                for (String item = queue.take(); item != null; item = queue.take()) {
                    if (!held.add(item)) {
                        clashes.add(item);
                    }
                    time.sleep(Duration.ofMillis(time.random().nextInt(5)));
                    held.remove(item);
                    handled[0]++;
                    queue.done(item);
                }
            });
        }
        time.start("adder", () -> {
            for (int i = 0; i < 500; i++) {
                queue.add("item" + time.random().nextInt(7));
                time.sleep(Duration.ofMillis(time.random().nextInt(3)));
            }
            queue.drain();
        });
        time.run(() -> handled[0] > 50 && queue.idle() && held.isEmpty());
        time.advance(Duration.ofMinutes(1));
        assertThat(clashes).isEmpty();
    }

    @Test
    void failuresComeBackLaterAndLaterUntilForgotten() throws InterruptedException {
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            long before = time.nanoTime();
            queue.retry("a");
            assertThat(queue.take()).isEqualTo("a");
            delays.add(Duration.ofNanos(time.nanoTime() - before).toMillis());
            queue.done("a");
        }
        assertThat(delays).startsWith(5L, 10L, 20L, 40L, 80L).endsWith(1_000_000L, 1_000_000L);
        queue.forget("a");
        long before = time.nanoTime();
        queue.retry("a");
        assertThat(queue.take()).isEqualTo("a");
        assertThat(time.nanoTime() - before).isEqualTo(Duration.ofMillis(5).toNanos());
    }

    @Test
    void ofSeveralDelaysTheShortestCounts() throws InterruptedException {
        queue.addAfter("a", Duration.ofSeconds(10));
        queue.addAfter("a", Duration.ofSeconds(2));
        queue.addAfter("a", Duration.ofSeconds(5));
        assertThat(queue.take()).isEqualTo("a");
        assertThat(time.nanoTime()).isEqualTo(Duration.ofSeconds(2).toNanos());
        queue.done("a");
        time.advance(Duration.ofSeconds(20));
        assertThat(queue.idle()).isTrue();
    }

    @Test
    void aClosedQueueGivesWhatWaitsAndThenNothing() throws InterruptedException {
        queue.add("a");
        queue.addAfter("late", Duration.ofSeconds(1));
        queue.close();
        queue.add("b");
        assertThat(queue.take()).isEqualTo("a");
        queue.done("a");
        assertThat(queue.take()).isNull();
    }

    @Test
    void drainingWaitsForTheWorkers() {
        queue.add("a");
        Task worker = time.start("worker", () -> {
            String item = queue.take();
            time.sleep(Duration.ofSeconds(3));
            queue.done(String.valueOf(item));
        });
        Task drain = time.start("drain", () -> {
            time.sleep(Duration.ofSeconds(1));
            queue.drain();
        });
        time.run(drain::done);
        assertThat(worker.done() || queue.idle()).isTrue();
        assertThat(time.nanoTime()).isEqualTo(Duration.ofSeconds(3).toNanos());
    }

    @Test
    void theBucketLimitsRetriesOverAllItems() throws InterruptedException {
        for (int i = 0; i < 150; i++) {
            queue.retry("item" + i);
        }
        for (int i = 0; i < 150; i++) {
            queue.done(String.valueOf(queue.take()));
        }
        assertThat(Duration.ofNanos(time.nanoTime())).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
    }
}
