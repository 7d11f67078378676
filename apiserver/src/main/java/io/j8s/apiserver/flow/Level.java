package io.j8s.apiserver.flow;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What runs and what waits in one priority level. Guarded by the lock of its [FlowControl].
///
/// Each flow waits in a queue of its own, and flows share seats: each has a virtual time, which its requests move on by the seats that they take, and the flow that is furthest
/// behind is served next (start-time fair queueing). Upstream deals flows to a fixed number of queues, in which two flows may meet; here they never do. The bounds are the same.
final class Level {

    /// Seats in use, and how many requests hold them.
    int seats;
    int running;
    long dispatched;
    long rejected;
    long timedOut;
    long cancelled;
    private int waiting;
    private int waitingSeats;
    private long made;
    private double clock;
    private final Map<String, Flow> flows = new HashMap<>();
    private final TreeSet<Flow> order = new TreeSet<>();

    private static final class Flow implements Comparable<Flow> {
        private final String name;
        private final long number;
        private final Queue<Waiter> queue = new ArrayDeque<>();
        private double time;

        Flow(String name, long number, double time) {
            this.name = name;
            this.number = number;
            this.time = time;
        }

        @Override
        public int compareTo(Flow other) {
            int byTime = Double.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }

    final LevelTimes times;

    Level(long now) {
        times = new LevelTimes(now);
    }

    /// Seats that those need who wait.
    int waitingSeats() {
        return waitingSeats;
    }

    boolean isIdle() {
        return waiting == 0;
    }

    int waiting() {
        return waiting;
    }

    /// How many requests of each flow wait.
    List<Map.Entry<String, Integer>> queued() {
        return order.stream().map(flow -> Map.entry(flow.name, flow.queue.size())).toList();
    }

    /// How many requests of a flow wait.
    int queued(String flow) {
        Flow known = flows.get(flow);
        return known == null ? 0 : known.queue.size();
    }

    /// Lets a request wait; false when there is no room.
    boolean add(String flow, Waiter waiter, int flowLimit, int limit) {
        Flow known = flows.get(flow);
        if (waiting >= limit || (known != null && known.queue.size() >= flowLimit)) {
            return false;
        }
        if (known == null) {
            known = new Flow(flow, made++, clock);
            flows.put(flow, known);
            order.add(known);
        }
        known.queue.add(waiter);
        waiting++;
        waitingSeats += waiter.seats();
        return true;
    }

    /// The request whose turn it is; null when none waits.
    @Nullable Waiter peek() {
        return order.isEmpty() ? null : order.getFirst().queue.peek();
    }

    /// Takes it out.
    Waiter next() {
        Flow first = order.removeFirst();
        Waiter waiter = first.queue.remove();
        clock = Math.max(clock, first.time);
        first.time = clock + waiter.seats();
        if (first.queue.isEmpty()) {
            flows.remove(first.name);
        } else {
            order.add(first);
        }
        waiting--;
        waitingSeats -= waiter.seats();
        return waiter;
    }

    /// Gives up waiting; false when it waits no longer.
    boolean remove(Waiter waiter) {
        for (Flow flow : flows.values()) {
            if (flow.queue.remove(waiter)) {
                waiting--;
                waitingSeats -= waiter.seats();
                if (flow.queue.isEmpty()) {
                    flows.remove(flow.name);
                    order.remove(flow);
                }
                return true;
            }
        }
        return false;
    }
}
