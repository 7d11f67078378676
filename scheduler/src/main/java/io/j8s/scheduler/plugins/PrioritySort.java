package io.j8s.scheduler.plugins;

import io.j8s.scheduler.framework.QueueSortPlugin;

/// The order of the queue: by priority, then by the time of waiting ([io.j8s.scheduler.queue.SchedulingQueue] keeps it).
final class PrioritySort implements QueueSortPlugin {

    @Override
    public String name() {
        return "PrioritySort";
    }
}
