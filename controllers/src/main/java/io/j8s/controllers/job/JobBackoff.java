package io.j8s.controllers.job;

import io.j8s.client.ObjectKey;
import io.j8s.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// How long each job waits before it makes another pod: 10 s after the first failure since the last success, twice as long after each further one, 10 minutes at most.
final class JobBackoff {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Failures NONE = new Failures(0, null);

    private final Map<ObjectKey, Failures> failures = new ConcurrentHashMap<>();

    /// @param count since the last success
    record Failures(int count, @Nullable Instant last) {
        Duration remaining(Instant now) {
            return last == null ? Duration.ZERO : JobBackoff.remaining(count, last, now);
        }
    }

    /// What there will be with pods that have just finished; it is kept by [#keep] once they are counted.
    Failures with(ObjectKey job, List<Pod> succeeded, List<Pod> failed) {
        Failures before = failures.getOrDefault(job, NONE);
        if (succeeded.isEmpty()) {
            return failed.isEmpty() ? before : new Failures(before.count + failed.size(), latest(failed));
        }
        Instant success = latest(succeeded);
        List<Pod> since = failed.stream().filter(pod -> JobPods.finishedAt(pod).isAfter(success)).toList();
        return since.isEmpty() ? NONE : new Failures(since.size(), latest(since));
    }

    private static Instant latest(List<Pod> pods) {
        return pods.stream().map(JobPods::finishedAt).max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
    }

    void keep(ObjectKey job, Failures record) {
        failures.put(job, record);
    }

    void forget(ObjectKey job) {
        failures.remove(job);
    }

    static Duration remaining(int count, Instant last, Instant now) {
        if (count == 0) {
            return Duration.ZERO;
        }
        Duration pause = count > 7 ? LONGEST : FIRST.multipliedBy(1L << (count - 1));
        pause = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
        Duration left = pause.minus(Duration.between(last, now));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
