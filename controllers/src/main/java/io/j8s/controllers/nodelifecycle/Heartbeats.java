package io.j8s.controllers.nodelifecycle;

import io.j8s.controllers.nodes.Nodes;
import io.j8s.model.coordination.v1.Lease;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeCondition;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// When each node was last heard of: when its lease or its status was seen to change, by this process's clock. The nodes' own clocks are not trusted.
final class Heartbeats {
    private final Timeline time;
    private final Map<String, Beat> beats = new ConcurrentHashMap<>();

    /// @param heard as [Timeline#nanoTime] counts: the wall clock may be set at any time
    private record Beat(long heard, @Nullable Instant statusTime, boolean hasStatus, @Nullable Instant leaseTime) {}

    Heartbeats(Timeline time) {
        this.time = time;
    }

    /// Takes in what is known of a node now, and answers for how long nothing was heard of it.
    Duration silence(Node node, @Nullable Lease lease) {
        NodeCondition ready = Nodes.condition(node, "Ready");
        Instant statusTime = ready == null ? null : ready.lastHeartbeatTime();
        Instant leaseTime = lease == null ? null : lease.spec().renewTime();
        long now = time.nanoTime();
        Beat beat = beats.compute(node.metadata().name(), (name, before) -> {
            if (before == null) {
                return new Beat(ready == null ? now - age(node) : now, statusTime, ready != null, leaseTime);
            }
            boolean statusChanged = before.hasStatus != (ready != null) || !java.util.Objects.equals(before.statusTime, statusTime);
            boolean leaseRenewed = leaseTime != null && (before.leaseTime == null || before.leaseTime.isBefore(leaseTime));
            return new Beat(statusChanged || leaseRenewed ? now : before.heard, statusTime, ready != null, leaseRenewed ? leaseTime : before.leaseTime);
        });
        return Duration.ofNanos(now - beat.heard);
    }

    private long age(Node node) {
        Instant created = node.metadata().creationTimestamp();
        return created == null ? 0 : Math.max(0, Duration.between(created, time.now()).toNanos());
    }

    /// Counts all nodes as heard of now: nobody could be heard, so that silence says nothing.
    void forgive() {
        long now = time.nanoTime();
        beats.replaceAll((name, beat) -> new Beat(now, beat.statusTime, beat.hasStatus, beat.leaseTime));
    }

    void keep(Set<String> names) {
        beats.keySet().retainAll(names);
    }
}
