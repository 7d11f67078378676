package io.j8s.scheduler;

import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.scheduler.queue.QueuedPod;
import java.util.function.Predicate;

/// One plugin's word on whether an event may help a pod; a part of the answers is timed, for one has to be asked very often.
final class Hint implements Predicate<QueuedPod> {

    private static final int TIMED_ONE_IN = 64;

    private final Predicate<QueuedPod> helps;
    private final Timeline timeline;
    private final Histogram durations;
    private final String event;
    private final String plugin;
    private int asked;

    Hint(Predicate<QueuedPod> helps, Timeline timeline, Histogram durations, String event, String plugin) {
        this.helps = helps;
        this.timeline = timeline;
        this.durations = durations;
        this.event = event;
        this.plugin = plugin;
    }

    @Override
    public boolean test(QueuedPod queued) {
        if (asked++ % TIMED_ONE_IN != 0) {
            return helps.test(queued);
        }
        long start = timeline.nanoTime();
        boolean answer = helps.test(queued);
        durations.observe((timeline.nanoTime() - start) / 1e9, event, answer ? "Queue" : "QueueSkip", plugin);
        return answer;
    }
}
