package io.j8s.client.queue;

import io.j8s.runtime.Gate;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Items to work on, each at most once at a time.
///
/// An item that is added while it waits is not added again; one that is added while a worker has it comes back when the worker calls [#done].
/// An item may have to rest after it was worked on ([#done(Object, Duration)]): what is added meanwhile waits until then.
/// Items can be added later ([#addAfter]) or, after a failure, with growing delays ([#retry], until [#forget]).
/// All methods may be called from any thread; only [#take] and [#drain] block.
public final class WorkQueue<K> implements AutoCloseable {
    private final String name;
    private final Timeline time;
    private final RetryDelays delays;
    private final QueueMetrics metrics;
    private final Gate gate;

    // All below is guarded by the monitor of this object.
    private final ArrayDeque<K> waiting = new ArrayDeque<>();
    private final Map<K, Long> dirty = new HashMap<>();
    private final Map<K, Long> working = new HashMap<>();
    private final Map<K, Delayed<K>> delayed = new HashMap<>();
    private final TreeSet<Delayed<K>> byDue = new TreeSet<>(Comparator.comparingLong((Delayed<K> d) -> d.due).thenComparingLong(d -> d.order));
    private final Map<K, Integer> failures = new HashMap<>();
    private final Map<K, Long> restUntil = new HashMap<>();
    private final ArrayDeque<K> rests = new ArrayDeque<>();
    private long changes;
    private long order;
    private boolean closed;

    private record Delayed<K>(K item, long due, long order) {}

    public WorkQueue(String name, Timeline time) {
        this(name, time, RetryDelays.standard(time), QueueMetrics.NONE);
    }

    @SuppressWarnings("this-escape") // the metrics keep the queue to ask it later
    public WorkQueue(String name, Timeline time, RetryDelays delays, QueueMetrics metrics) {
        this.name = name;
        this.time = time;
        this.delays = delays;
        this.metrics = metrics;
        this.gate = time.gate();
        metrics.opened(this);
    }

    /// As in metrics and logs.
    public String name() {
        return name;
    }

    /// Adds an item; nothing happens when it waits already, or the queue is closed.
    public void add(K item) {
        boolean changed;
        synchronized (this) {
            Long rested = restUntil.get(item);
            changed = rested != null && rested > time.nanoTime() ? addAt(item, rested) : addNow(item);
        }
        if (changed) {
            gate.signal();
        }
    }

    /// Adds an item later. Of several delays for one item the shortest counts.
    public void addAfter(K item, Duration delay) {
        if (!delay.isPositive()) {
            add(item);
            return;
        }
        boolean changed;
        synchronized (this) {
            changed = addAt(item, time.nanoTime() + delay.toNanos());
        }
        if (changed) {
            gate.signal();
        }
    }

    /// Adds an item that failed once more, after the delay that its failures call for.
    public void retry(K item) {
        int before;
        synchronized (this) {
            before = failures.getOrDefault(item, 0);
            failures.put(item, before + 1);
            metrics.retried();
        }
        addAfter(item, delays.delay(before));
    }

    /// The item succeeded, or is given up: its next failure counts as the first.
    public synchronized void forget(K item) {
        failures.remove(item);
    }

    /// How often the item has failed since it was forgotten.
    public synchronized int failures(K item) {
        return failures.getOrDefault(item, 0);
    }

    /// The next item; the caller must call [#done] for it. Null when the queue is closed and empty.
    public @Nullable K take() throws InterruptedException {
        while (true) {
            long seen;
            long due;
            synchronized (this) {
                releaseDue();
                K item = waiting.poll();
                if (item != null) {
                    long now = time.nanoTime();
                    Long added = dirty.remove(item);
                    working.put(item, now);
                    metrics.taken(waiting.size(), Duration.ofNanos(added == null ? 0 : now - added));
                    return item;
                }
                if (closed) {
                    return null;
                }
                seen = changes;
                due = byDue.isEmpty() ? Long.MAX_VALUE : byDue.first().due;
            }
            if (due == Long.MAX_VALUE) {
                gate.await(() -> changedSince(seen));
            } else {
                gate.await(() -> changedSince(seen), Duration.ofNanos(due - time.nanoTime()));
            }
        }
    }

    /// The worker has finished with the item.
    public void done(K item) {
        done(item, Duration.ZERO);
    }

    /// The worker has finished with the item; unless it fails or was to come back by itself, it is not worked on again before it has rested.
    public void done(K item, Duration rest) {
        boolean changed = false; // workers that have nothing to do are not woken for nothing
        synchronized (this) {
            long now = time.nanoTime();
            Long taken = working.remove(item);
            if (taken != null) {
                metrics.finished(Duration.ofNanos(now - taken));
            }
            forgetRests(now);
            if (rest.isPositive() && !closed) {
                if (restUntil.put(item, now + rest.toNanos()) == null) {
                    rests.add(item);
                }
                if (dirty.remove(item) != null) {
                    changed = addAt(item, now + rest.toNanos());
                }
            } else if (dirty.containsKey(item)) {
                waiting.add(item);
                changes++;
                changed = true;
            }
            changed |= closed;
        }
        if (changed) {
            gate.signal();
        }
    }

    private void forgetRests(long now) {
        for (K first = rests.peek(); first != null; first = rests.peek()) {
            Long until = restUntil.get(first);
            if (until != null && until > now) {
                return;
            }
            rests.remove();
            restUntil.remove(first);
        }
    }

    /// How many items wait now (not those that are delayed or being worked on).
    public synchronized int size() {
        return waiting.size();
    }

    /// The times for which all items that workers have now have been worked on, together.
    public synchronized Duration unfinished() {
        long now = time.nanoTime();
        return Duration.ofNanos(working.values().stream().mapToLong(since -> now - since).sum());
    }

    /// For how long the worker that is longest at an item has been at it.
    public synchronized Duration longestRunning() {
        long now = time.nanoTime();
        return Duration.ofNanos(working.values().stream().mapToLong(since -> now - since).max().orElse(0));
    }

    /// Whether nothing waits, is delayed or is being worked on.
    public synchronized boolean idle() {
        return waiting.isEmpty() && working.isEmpty() && byDue.isEmpty();
    }

    /// Takes no more items and wakes the workers, which still get what waits; delayed items are dropped.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            delayed.clear();
            byDue.clear();
            changes++;
        }
        gate.signal();
    }

    /// Closes, and waits until the workers have finished what was waiting.
    public void drain() throws InterruptedException {
        close();
        gate.await(() -> {
            synchronized (this) {
                return waiting.isEmpty() && working.isEmpty();
            }
        });
    }

    private synchronized boolean changedSince(long seen) {
        return changes != seen;
    }

    /// Answers whether whoever waits for an item has to look again.
    @SuppressWarnings("ReferenceEquality") // is it this one?
    private boolean addAt(K item, long due) {
        Delayed<K> before = delayed.get(item);
        if (closed || (before != null && before.due <= due)) {
            return false;
        }
        if (before != null) {
            byDue.remove(before);
        }
        Delayed<K> entry = new Delayed<>(item, due, order++);
        delayed.put(item, entry);
        byDue.add(entry);
        if (byDue.first() != entry) {
            return false; // whoever waits wakes up for an earlier one
        }
        changes++;
        return true;
    }

    private boolean addNow(K item) {
        if (closed || dirty.containsKey(item)) {
            return false;
        }
        dirty.put(item, time.nanoTime());
        if (working.containsKey(item)) {
            return false;
        }
        waiting.add(item);
        changes++;
        metrics.added(waiting.size());
        return true;
    }

    private void releaseDue() {
        long now = time.nanoTime();
        while (!byDue.isEmpty() && byDue.first().due <= now) {
            Delayed<K> entry = byDue.removeFirst();
            delayed.remove(entry.item);
            addNow(entry.item);
        }
    }
}
