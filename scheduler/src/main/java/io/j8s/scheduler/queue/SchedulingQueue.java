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
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Three queues in one: *active*, by priority and age; *backing off* after a failed attempt, by the end of the delay; and *unschedulable*, until an event that may help.
///
/// Pods that back off because no node would do, not because of an error, are tried before the end of their delay when there is nothing else to do (KEP-5142).
/// The time is a parameter, in a monotonic clock's nanoseconds. A pod is in one of the queues at most. One thread.
public final class SchedulingQueue {

    private static final Comparator<QueuedPod> BY_PRIORITY = Comparator.<QueuedPod>comparingInt(queued -> -queued.pod().priority())
            .thenComparingLong(QueuedPod::since)
            .thenComparing(QueuedPod::uid);

    /// Is told of pods that come into a queue (`active`, `backoff`, `unschedulable`), and why.
    @FunctionalInterface
    public interface Listener {
        void incoming(String queue, String event);

        /// So many more (or less) wait for events that these rejected.
        default void rejected(Rejectors by, int more) {}
    }

    private final long firstBackoff;
    private final long longestBackoff;
    private final Listener listener;
    private final NavigableSet<QueuedPod> active = new TreeSet<>(BY_PRIORITY);
    private final NavigableSet<QueuedPod> backingOff;
    private final NavigableSet<QueuedPod> backingOffFromErrors;
    private final Map<String, QueuedPod> held = new LinkedHashMap<>();
    /// Those that wait for events, by who rejected them: an event is asked about once for all that no plugin of theirs listens to it.
    private final Map<Rejectors, Map<String, QueuedPod>> unschedulable = new LinkedHashMap<>();
    private int unschedulableCount;
    private final Map<String, QueuedPod> all = new HashMap<>();

    /// Who rejected a pod.
    public record Rejectors(String schedulerName, Set<String> plugins) {}

    public SchedulingQueue(Duration firstBackoff, Duration longestBackoff) {
        this(firstBackoff, longestBackoff, (queue, event) -> {});
    }

    /// @param firstBackoff the delay after the first failed attempt (`podInitialBackoffSeconds`); it doubles with each
    /// @param longestBackoff the longest delay (`podMaxBackoffSeconds`)
    public SchedulingQueue(Duration firstBackoff, Duration longestBackoff, Listener listener) {
        this.firstBackoff = firstBackoff.toNanos();
        this.longestBackoff = longestBackoff.toNanos();
        this.listener = listener;
        Comparator<QueuedPod> byEnd = Comparator.comparingLong(this::backoffEnd).thenComparing(QueuedPod::uid);
        this.backingOff = new TreeSet<>(byEnd);
        this.backingOffFromErrors = new TreeSet<>(byEnd);
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
    /// @param heldFor why it may not be looked at; empty when it may
    /// @param mayHelp whether the change of the pod itself may make it fit
    public void put(PodInfo pod, String heldFor, boolean mayHelp, long now) {
        boolean waits = waitsForEvents(pod.uid());
        QueuedPod known = take(pod.uid());
        QueuedPod queued = known == null ? new QueuedPod(pod, now, 0, now, Set.of(), heldFor) : known.withPod(pod).heldFor(heldFor);
        if (!heldFor.isEmpty()) {
            held.put(pod.uid(), queued);
            all.put(pod.uid(), queued);
            listener.incoming("unschedulable", event(known));
        } else if (waits && !mayHelp) {
            addUnschedulable(queued);
        } else {
            ready(queued, now, known != null && !known.held().isEmpty() ? "UnschedulablePodUpdatePodSchedulingGatesEliminated" : event(known));
        }
    }

    private static String event(@Nullable QueuedPod known) {
        return known == null ? "UnschedulablePodAdd" : "UnschedulablePodUpdate";
    }

    private boolean waitsForEvents(String uid) {
        QueuedPod known = all.get(uid);
        return known != null && unschedulable.getOrDefault(rejectors(known), Map.of()).containsKey(uid);
    }

    private void addUnschedulable(QueuedPod queued) {
        unschedulable.computeIfAbsent(rejectors(queued), r -> new LinkedHashMap<>()).put(queued.uid(), queued);
        unschedulableCount++;
        listener.rejected(rejectors(queued), 1);
        all.put(queued.uid(), queued);
    }

    private static Rejectors rejectors(QueuedPod queued) {
        return new Rejectors(queued.pod().pod().spec().schedulerName(), queued.rejectedBy());
    }

    private void ready(QueuedPod queued, long now, String event) {
        all.put(queued.uid(), queued);
        if (backoffEnd(queued) <= now) {
            active.add(queued);
            listener.incoming("active", event);
        } else {
            (queued.rejectedBy().isEmpty() ? backingOffFromErrors : backingOff).add(queued);
            listener.incoming("backoff", event);
        }
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
            ready(queued, now, "ScheduleAttemptFailure");
        } else {
            addUnschedulable(queued);
            listener.incoming("unschedulable", "ScheduleAttemptFailure");
        }
    }

    /// The next pod to try, which leaves the queue; null when there is none now.
    public @Nullable QueuedPod next(long now) {
        moveEnded(backingOff, now);
        moveEnded(backingOffFromErrors, now);
        boolean early = active.isEmpty();
        QueuedPod next = early ? backingOff.pollFirst() : active.pollFirst();
        if (next != null) {
            if (early) {
                listener.incoming("active", "PopFromBackoffQ");
            }
            all.remove(next.uid());
        }
        return next;
    }

    private void moveEnded(NavigableSet<QueuedPod> from, long now) {
        while (!from.isEmpty() && backoffEnd(from.first()) <= now) {
            active.add(Objects.requireNonNull(from.pollFirst()));
            listener.incoming("active", "BackoffComplete");
        }
    }

    /// How long until a pod's back-off ends; null when none is backing off.
    public @Nullable Duration untilBackoffEnds(long now) {
        if (!backingOff.isEmpty() || backingOffFromErrors.isEmpty()) {
            return backingOff.isEmpty() ? null : Duration.ZERO;
        }
        return Duration.ofNanos(Math.max(0, backoffEnd(backingOffFromErrors.first()) - now));
    }

    public boolean hasActive() {
        return !active.isEmpty();
    }

    /// Forgets a pod.
    public void remove(String uid) {
        take(uid);
    }

    /// Lets unschedulable pods go on to be tried, if this says so. Those that are held stay.
    public void wake(Predicate<QueuedPod> helped, long now) {
        wake(rejectors -> helped, now, "ForceActivate");
    }

    /// Lets unschedulable pods go on to be tried.
    ///
    /// @param concerned whether the event may help pods that these rejected: null when none of them, otherwise which
    /// @param event what happened, for the listener
    public void wake(Function<Rejectors, @Nullable Predicate<QueuedPod>> concerned, long now, String event) {
        if (unschedulableCount == 0) {
            return;
        }
        List<QueuedPod> woken = new ArrayList<>();
        unschedulable.forEach((rejectors, pods) -> {
            Predicate<QueuedPod> helped = concerned.apply(rejectors);
            if (helped != null) {
                for (QueuedPod queued : pods.values()) {
                    if (helped.test(queued)) {
                        woken.add(queued);
                    }
                }
            }
        });
        for (QueuedPod queued : woken) {
            take(queued.uid());
            ready(queued, now, event);
        }
    }

    /// The pods that are held, to be looked at again.
    public List<PodInfo> held() {
        return held.values().stream().map(QueuedPod::pod).toList();
    }

    public boolean contains(String uid) {
        return all.containsKey(uid);
    }

    public int activeCount() {
        return active.size();
    }

    public int backingOffCount() {
        return backingOff.size() + backingOffFromErrors.size();
    }

    /// Those that wait for events.
    public int unschedulableCount() {
        return unschedulableCount;
    }

    public int heldCount() {
        return held.size();
    }

    private @Nullable QueuedPod take(String uid) {
        QueuedPod known = all.remove(uid);
        if (known == null || held.remove(uid) != null) {
            return known;
        }
        Rejectors rejectors = rejectors(known);
        Map<String, QueuedPod> group = unschedulable.get(rejectors);
        if (group != null && group.remove(uid) != null) {
            unschedulableCount--;
            listener.rejected(rejectors, -1);
            if (group.isEmpty()) {
                unschedulable.remove(rejectors);
            }
            return known;
        }
        active.remove(known);
        backingOff.remove(known);
        backingOffFromErrors.remove(known);
        return known;
    }
}
