package io.j8s.apiserver.flow;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;

/// What runs and what waits in one priority level. Guarded by the lock of its [FlowControl].
///
/// Each flow waits in a queue of its own, and the flows take turns: the first in the map is served next, and goes to the end.
final class Level {

    int running;
    private int waiting;
    private final Map<String, Queue<Waiter>> flows = new LinkedHashMap<>();

    boolean isIdle() {
        return waiting == 0;
    }

    /// Lets a request wait; false when there is no room.
    boolean add(String flow, Waiter waiter, int flowLimit, int limit) {
        Queue<Waiter> queue = flows.get(flow);
        if (waiting >= limit || (queue != null && queue.size() >= flowLimit)) {
            return false;
        }
        flows.computeIfAbsent(flow, key -> new ArrayDeque<>()).add(waiter);
        waiting++;
        return true;
    }

    /// The request whose turn it is.
    Waiter next() {
        Map.Entry<String, Queue<Waiter>> first = flows.entrySet().iterator().next();
        flows.remove(first.getKey());
        Waiter waiter = first.getValue().poll();
        if (waiter == null) {
            throw new NoSuchElementException("an empty flow was kept: " + first.getKey());
        }
        if (!first.getValue().isEmpty()) {
            flows.put(first.getKey(), first.getValue());
        }
        waiting--;
        return waiter;
    }

    /// Gives up waiting; false when it waits no longer.
    boolean remove(Waiter waiter) {
        for (Map.Entry<String, Queue<Waiter>> flow : flows.entrySet()) {
            if (flow.getValue().remove(waiter)) {
                waiting--;
                if (flow.getValue().isEmpty()) {
                    flows.remove(flow.getKey());
                }
                return true;
            }
        }
        return false;
    }
}
