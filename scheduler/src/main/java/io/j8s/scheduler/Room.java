package io.j8s.scheduler;

import io.j8s.model.core.v1.Pod;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Nominations;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import io.j8s.scheduler.state.Resources;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The room on a node where a pod went away. Without a look at whether it is enough, each pod that goes would make all that wait be tried.
///
/// @param node null when the pod that went was on none, but was promised one (then anything is possible), or its node is gone as well (then there is no room)
/// @param promisedOnly whether it was only promised a node
/// @param left what is free there, promises left aside
record Room(@Nullable NodeInfo node, boolean promisedOnly, ClusterState cluster, Resources left) {

    /// Null when the event is not that a pod went away.
    static @Nullable Room freed(ClusterEvent event, ClusterState cluster) {
        if (event.kind() != ClusterEvent.Kind.ASSIGNED_POD_DELETED || !(event.before() instanceof Pod gone)) {
            return null;
        }
        NodeInfo node = cluster.node(gone.spec().nodeName());
        Resources left = node == null ? new Resources() : new Resources(node.allocatable());
        if (node != null) {
            left.add(node.requested(), -1);
        }
        return new Room(node, gone.spec().nodeName().isEmpty(), cluster, left);
    }

    /// Whether a pod may fit there now, besides those that come before it and were promised the room.
    boolean isEnoughFor(PodInfo pod, Nominations nominations) {
        NodeInfo there = node;
        return there == null ? promisedOnly : fits(pod, left) && fits(pod, withoutPromised(pod, there, nominations));
    }

    private static boolean fits(PodInfo pod, Resources left) {
        Resources asked = pod.requests();
        return enough(asked.milliCpu, left.milliCpu) && enough(asked.memory, left.memory) && enough(asked.ephemeralStorage, left.ephemeralStorage) && left.pods > 0;
    }

    /// A pod that asks for nothing of a resource fits on a node that has less than nothing left, because it has shrunk.
    private static boolean enough(long asked, long left) {
        return asked == 0 || asked <= left;
    }

    private Resources withoutPromised(PodInfo pod, NodeInfo there, Nominations nominations) {
        List<PodInfo> ahead = nominations.ahead(pod, there.name());
        if (ahead.isEmpty()) {
            return left;
        }
        Resources rest = new Resources(left);
        for (PodInfo other : ahead) {
            if (cluster.pod(other.uid()) == null) {
                rest.add(other.requests(), -1);
            }
        }
        return rest;
    }
}
