package io.j8s.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.scheduler.queue.QueuedPod;
import io.j8s.scheduler.queue.SchedulingQueue;
import io.j8s.scheduler.state.PodInfo;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchedulingQueueTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private final SchedulingQueue queue = new SchedulingQueue(Duration.ofSeconds(1), Duration.ofSeconds(10));

    @Test
    void theGreaterComesFirstAndOfEqualsTheOlder() {
        queue.put(pod("old", 0), "", true, 1);
        queue.put(pod("new", 0), "", true, 2);
        queue.put(pod("great", 10), "", true, 3);
        assertThat(next(5)).isEqualTo("great");
        assertThat(next(5)).isEqualTo("old");
        assertThat(next(5)).isEqualTo("new");
        assertThat(queue.next(5)).isNull();
    }

    @Test
    void failedAttemptsWaitTwiceAsLongEachTimeUpToTheLongest() {
        queue.put(pod("a", 0), "", true, 0);
        long now = 0;
        for (long wait : new long[] {1, 2, 4, 8, 10, 10}) {
            queue.failed(taken(now), Set.of(), now);
            assertThat(queue.next(now + wait * SECOND - 1)).isNull();
            assertThat(queue.untilBackoffEnds(now)).isEqualTo(Duration.ofSeconds(wait));
            now += wait * SECOND;
        }
    }

    @Test
    void arejectedPodWaitsForAnEventThatHelps() {
        queue.put(pod("a", 0), "", true, 0);
        queue.failed(taken(0), Set.of("NodeResourcesFit"), 0);
        assertThat(queue.next(100 * SECOND)).isNull();
        queue.wake(queued -> queued.rejectedBy().contains("NodeAffinity"), 100 * SECOND);
        assertThat(queue.next(100 * SECOND)).isNull();
        queue.wake(queued -> queued.rejectedBy().contains("NodeResourcesFit"), 100 * SECOND);
        assertThat(next(100 * SECOND)).isEqualTo("a");
    }

    @Test
    void aPodThatWasWokenStaysSoWhenItsStatusIsWritten() {
        queue.put(pod("a", 0), "", true, 0);
        queue.failed(taken(0), Set.of("NodeResourcesFit"), 0);
        queue.put(pod("a", 0), "", false, 1);
        assertThat(queue.next(1)).isNull();
        queue.wake(queued -> true, 2);
        queue.put(pod("a", 0), "", false, 3);
        assertThat(next(4)).isEqualTo("a");
    }

    @Test
    void aHeldPodWaitsUntilItIsLetGo() {
        queue.put(pod("a", 0), "waiting for scheduling gates: [g]", true, 0);
        queue.wake(queued -> true, 1);
        assertThat(queue.next(1)).isNull();
        queue.put(pod("a", 0), "", true, 2);
        assertThat(next(2)).isEqualTo("a");
    }

    @Test
    void aForgottenPodIsGoneFromEveryQueue() {
        queue.put(pod("active", 0), "", true, 0);
        queue.put(pod("failing", 1), "", true, 0);
        queue.failed(taken(0), Set.of(), 0);
        queue.remove("uid-active");
        queue.remove("uid-failing");
        assertThat(queue.next(100 * SECOND)).isNull();
        assertThat(queue.contains("uid-active")).isFalse();
    }

    private QueuedPod taken(long now) {
        return java.util.Objects.requireNonNull(queue.next(now));
    }

    private String next(long now) {
        return taken(now).pod().name();
    }

    private static PodInfo pod(String name, int priority) {
        return new PodInfo(Objects.pod(name, 0, Map.of()).withSpec(spec -> spec.withPriority(priority)));
    }
}
