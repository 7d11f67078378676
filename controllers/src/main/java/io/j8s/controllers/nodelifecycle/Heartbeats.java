package io.j8s.controllers.nodelifecycle;

import io.j8s.controllers.nodes.Nodes;
import io.j8s.model.coordination.v1.Lease;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// When each node was last heard of: when its lease or its status was seen to change, by this process's clock. The nodes' own clocks are not trusted.
final class Heartbeats {
    private final Map<String, Beat> beats = new ConcurrentHashMap<>();

    private record Beat(Instant heard, @Nullable Instant statusTime, boolean hasStatus, @Nullable Instant leaseTime) {}

    /// Takes in what is known of a node now, and answers since when nothing was heard of it.
    Duration silence(Node node, @Nullable Lease lease, Instant now) {
        NodeCondition ready = Nodes.condition(node, "Ready");
        Instant statusTime = ready == null ? null : ready.lastHeartbeatTime();
        Instant leaseTime = lease == null ? null : lease.spec().renewTime();
        Beat beat = beats.compute(node.metadata().name(), (name, before) -> {
            if (before == null) {
                Instant created = node.metadata().creationTimestamp();
                return new Beat(ready == null && created != null ? created : now, statusTime, ready != null, leaseTime);
            }
            boolean statusChanged = before.hasStatus != (ready != null) || !java.util.Objects.equals(before.statusTime, statusTime);
            boolean leaseRenewed = leaseTime != null && (before.leaseTime == null || before.leaseTime.isBefore(leaseTime));
            return new Beat(statusChanged || leaseRenewed ? now : before.heard, statusTime, ready != null, leaseRenewed ? leaseTime : before.leaseTime);
        });
        return Duration.between(beat.heard, now);
    }

    /// Counts all nodes as heard of now: nobody could be heard, so that silence says nothing.
    void forgive(Instant now) {
        beats.replaceAll((name, beat) -> new Beat(now, beat.statusTime, beat.hasStatus, beat.leaseTime));
    }

    void keep(Set<String> names) {
        beats.keySet().retainAll(names);
    }
}
