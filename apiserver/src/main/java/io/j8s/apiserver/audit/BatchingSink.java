package io.j8s.apiserver.audit;

import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Gathers events in a buffer of bounded length and hands them on in batches; no request waits for it. Events that find no room are lost.
///
/// One task makes batches; so many of them as the settings say may be under way at once, each in a task of its own.
final class BatchingSink implements AuditSink {

    private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(10);

    private final AuditSink sink;
    private final AuditSettings.Batching settings;
    private final AuditMetrics metrics;
    private final Timeline timeline;
    private final Gate gate;
    /// Guarded by itself.
    private final Deque<AuditEvent> buffer = new ArrayDeque<>();
    /// Guarded by itself.
    private final Map<Object, Task> sending = new IdentityHashMap<>();
    private final Task collector;
    private volatile boolean closing;
    private double tokens;
    private long refilled;

    BatchingSink(AuditSink sink, AuditSettings.Batching settings, AuditMetrics metrics, Timeline timeline) {
        this.sink = sink;
        this.settings = settings;
        this.metrics = metrics;
        this.timeline = timeline;
        this.gate = timeline.gate();
        this.tokens = settings.burst();
        this.refilled = timeline.nanoTime();
        this.collector = timeline.start("audit batches", this::collect);
    }

    @Override
    public boolean take(List<AuditEvent> events) {
        boolean full;
        synchronized (buffer) {
            full = closing || buffer.size() + events.size() > settings.buffer();
            if (!full) {
                buffer.addAll(events);
            }
        }
        if (full) {
            metrics.lost("buffered", closing ? "audit backend shut down" : "audit buffer queue blocked", events);
            return true;
        }
        gate.signal();
        return true;
    }

    private int waiting() {
        synchronized (buffer) {
            return buffer.size();
        }
    }

    private int underWay() {
        synchronized (sending) {
            return sending.size();
        }
    }

    private void collect() throws InterruptedException {
        while (!closing || waiting() > 0) {
            gate.await(() -> closing || waiting() > 0);
            if (settings.mostEvents() > 1) {
                gate.await(() -> closing || waiting() >= settings.mostEvents(), settings.longestWait());
            }
            List<AuditEvent> batch = new ArrayList<>();
            synchronized (buffer) {
                while (!buffer.isEmpty() && batch.size() < settings.mostEvents()) {
                    batch.add(buffer.removeFirst());
                }
            }
            if (!batch.isEmpty()) {
                throttle();
                hand(batch);
            }
        }
    }

    private void hand(List<AuditEvent> batch) throws InterruptedException {
        if (settings.atOnce() == 1) {
            sink.take(batch);
            return;
        }
        gate.await(() -> underWay() < settings.atOnce());
        Object mark = new Object();
        synchronized (sending) {
            sending.put(mark, timeline.start("audit batch", () -> send(batch, mark)));
        }
    }

    private void send(List<AuditEvent> batch, Object mark) {
        try {
            sink.take(batch);
        } finally {
            synchronized (sending) {
                sending.remove(mark);
            }
            gate.signal();
        }
    }

    /// Waits until one more batch may leave.
    private void throttle() throws InterruptedException {
        if (settings.perSecond() <= 0) {
            return;
        }
        long now = timeline.nanoTime();
        tokens = Math.min(settings.burst(), tokens + (now - refilled) / 1e9 * settings.perSecond());
        refilled = now;
        if (tokens < 1 && !closing) {
            timeline.sleep(Duration.ofNanos((long) ((1 - tokens) / settings.perSecond() * 1e9)));
            tokens = Math.min(settings.burst(), tokens + (timeline.nanoTime() - refilled) / 1e9 * settings.perSecond());
            refilled = timeline.nanoTime();
        }
        tokens--;
    }

    @Override
    public void close() {
        closing = true;
        gate.signal();
        try {
            Task alarm = timeline.schedule(LONGEST_FAREWELL, "end of audit batches", this::giveUp);
            collector.join();
            for (Task task : copy()) {
                task.join();
            }
            alarm.cancel();
        } catch (InterruptedException e) {
            giveUp();
            Thread.currentThread().interrupt();
        }
        sink.close();
    }

    private List<Task> copy() {
        synchronized (sending) {
            return List.copyOf(sending.values());
        }
    }

    private void giveUp() {
        collector.cancel();
        copy().forEach(Task::cancel);
    }
}
