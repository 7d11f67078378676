package io.j8s.apiserver.registry;

import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/// Wakes observers when their next moment has come: one task for all of them, which sleeps until the earliest. Watches, whose next moment is a minute away or more, wait for events
/// without a time limit this way: to set a timer for each wait, and to cancel it with each event, took a tenth of what an event cost.
///
/// Thread-safe.
public final class Alarms implements AutoCloseable {

    private final Timeline timeline;
    private final ConcurrentSkipListMap<Alarm, Observer<?>> due = new ConcurrentSkipListMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final Gate earlier;
    private final Task task;

    /// One moment by the timeline's monotonic clock.
    public record Alarm(long nanos, long number) implements Comparable<Alarm> {
        @Override
        public int compareTo(Alarm other) {
            int order = Long.signum(nanos - other.nanos);
            return order == 0 ? Long.compare(number, other.number) : order;
        }
    }

    Alarms(Timeline timeline) {
        this.timeline = timeline;
        this.earlier = timeline.gate();
        this.task = timeline.start("watch alarms", this::run);
    }

    /// Wakes the observer once, at this moment, unless it is cancelled before.
    public Alarm set(long nanos, Observer<?> observer) {
        Alarm alarm = new Alarm(nanos, numbers.incrementAndGet());
        due.put(alarm, observer);
        if (alarm.equals(due.firstKey())) {
            earlier.signal();
        }
        return alarm;
    }

    public void cancel(Alarm alarm) {
        due.remove(alarm);
    }

    private void run() throws InterruptedException {
        while (true) {
            Map.Entry<Alarm, Observer<?>> first = due.firstEntry();
            if (first == null) {
                earlier.await(() -> !due.isEmpty());
                continue;
            }
            long left = first.getKey().nanos - timeline.nanoTime();
            if (left > 0) {
                earlier.await(() -> isBefore(first.getKey()), Duration.ofNanos(left));
            } else if (due.remove(first.getKey()) != null) {
                first.getValue().wake();
            }
        }
    }

    private boolean isBefore(Alarm alarm) {
        Map.Entry<Alarm, Observer<?>> first = due.firstEntry();
        return first != null && first.getKey().compareTo(alarm) < 0;
    }

    @Override
    public void close() {
        task.close();
    }
}
