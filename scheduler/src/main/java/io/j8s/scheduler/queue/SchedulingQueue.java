package io.j8s.scheduler.queue;

import io.j8s.scheduler.state.PodInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Three queues in one: *active*, by priority and age; *backing off* after a failed attempt, by the end of the delay; and *unschedulable*, until an event that may help.
///
/// The time is a parameter, in a monotonic clock's nanoseconds. A pod is in one of the queues at most. One thread.
public final class SchedulingQueue {

    private static final Comparator<QueuedPod> BY_PRIORITY = Comparator.<QueuedPod>comparingInt(queued -> -queued.pod().priority())
            .thenComparingLong(QueuedPod::since)
            .thenComparing(QueuedPod::uid);

    private final long firstBackoff;
    private final long longestBackoff;
    private final NavigableSet<QueuedPod> active = new TreeSet<>(BY_PRIORITY);
    private final NavigableSet<QueuedPod> backingOff;
    private final Map<String, QueuedPod> unschedulable = new LinkedHashMap<>();
    private final Map<String, QueuedPod> all = new HashMap<>();

    /// @param firstBackoff the delay after the first failed attempt (`podInitialBackoffSeconds`); it doubles with each
    /// @param longestBackoff the longest delay (`podMaxBackoffSeconds`)
    public SchedulingQueue(Duration firstBackoff, Duration longestBackoff) {
        this.firstBackoff = firstBackoff.toNanos();
        this.longestBackoff = longestBackoff.toNanos();
        this.backingOff = new TreeSet<>(Comparator.comparingLong(this::backoffEnd).thenComparing(QueuedPod::uid));
    }

    private long backoffEnd(QueuedPod queued) {
        return queued.lastTry() + delay(queued.attempts());
    }

    private long delay(int attempts) {
        if (attempts == 0) {
            return 0;
        }
        int doublings = Math.min(attempts - 1, 30);
        return Math.min(longestBackoff, firstBackoff << doublings);
    }

    /// Adds a pod that is new, or puts the new state of one that waits in its place.
    ///
    /// @param held why it may not be looked at; empty when it may
    /// @param mayHelp whether the change of the pod itself may make it fit
    public void put(PodInfo pod, String held, boolean mayHelp, long now) {
        QueuedPod known = take(pod.uid());
        QueuedPod queued = known == null ? new QueuedPod(pod, now, 0, now, Set.of(), held) : known.withPod(pod).heldFor(held);
        if (!held.isEmpty()) {
            unschedulable.put(pod.uid(), queued);
            all.put(pod.uid(), queued);
        } else if (known != null && known.held().isEmpty() && !mayHelp) {
            unschedulable.put(pod.uid(), queued);
            all.put(pod.uid(), queued);
        } else {
            ready(queued, now);
        }
    }

    private void ready(QueuedPod queued, long now) {
        all.put(queued.uid(), queued);
        (backoffEnd(queued) > now ? backingOff : active).add(queued);
    }

    /// Takes back a pod that was tried and did not come to a node.
    ///
    /// @param rejectedBy the plugins whose events are waited for; empty: try again after the delay
    public void failed(QueuedPod tried, Set<String> rejectedBy, long now) {
        QueuedPod queued = tried.tried(now, rejectedBy);
        if (all.containsKey(queued.uid())) {
            return; // it was changed meanwhile and is waiting already
        }
        if (rejectedBy.isEmpty()) {
            ready(queued, now);
        } else {
            unschedulable.put(queued.uid(), queued);
            all.put(queued.uid(), queued);
        }
    }

    /// The next pod to try, which leaves the queue; null when there is none now.
    public @Nullable QueuedPod next(long now) {
        while (!backingOff.isEmpty() && backoffEnd(backingOff.first()) <= now) {
            active.add(java.util.Objects.requireNonNull(backingOff.pollFirst()));
        }
        QueuedPod next = active.pollFirst();
        if (next != null) {
            all.remove(next.uid());
        }
        return next;
    }

    /// How long until a pod's back-off ends; null when none is backing off.
    public @Nullable Duration untilBackoffEnds(long now) {
        return backingOff.isEmpty() ? null : Duration.ofNanos(Math.max(0, backoffEnd(backingOff.first()) - now));
    }

    public boolean hasActive() {
        return !active.isEmpty();
    }

    /// Forgets a pod.
    public void remove(String uid) {
        take(uid);
    }

    /// Lets unschedulable pods that are not held go on to be tried, if this says so.
    public void wake(Predicate<QueuedPod> helped, long now) {
        if (unschedulable.isEmpty()) {
            return;
        }
        List<QueuedPod> woken = new ArrayList<>();
        for (QueuedPod queued : unschedulable.values()) {
            if (queued.held().isEmpty() && helped.test(queued)) {
                woken.add(queued);
            }
        }
        for (QueuedPod queued : woken) {
            unschedulable.remove(queued.uid());
            ready(queued, now);
        }
    }

    public boolean contains(String uid) {
        return all.containsKey(uid);
    }

    public int activeCount() {
        return active.size();
    }

    public int backingOffCount() {
        return backingOff.size();
    }

    /// Those that wait for events, the held ones included.
    public int unschedulableCount() {
        return unschedulable.size();
    }

    private @Nullable QueuedPod take(String uid) {
        QueuedPod known = all.remove(uid);
        if (known != null && unschedulable.remove(uid) == null) {
            active.remove(known);
            backingOff.remove(known);
        }
        return known;
    }
}
