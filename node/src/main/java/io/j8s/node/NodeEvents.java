package io.j8s.node;

import io.j8s.client.events.EventRecorder;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeCondition;
import io.j8s.model.core.v1.NodeStatus;
import io.j8s.model.core.v1.ObjectReference;
import java.util.Map;

/// What a node agent records about its node, with upstream's reasons and words. Any thread.
final class NodeEvents {
    private static final String CGROUPS_V1 = "cgroup v1 detected. cgroup v1 support is deprecated and will be removed in a future release. Please migrate to cgroup v2. "
            + "More information at https://git.k8s.io/enhancements/keps/sig-node/5573-remove-cgroup-v1";
    /// The reason when a condition holds, and when it does not.
    private static final Map<String, String[]> PRESSURES = Map.of(
            "MemoryPressure", new String[] {"NodeHasInsufficientMemory", "NodeHasSufficientMemory"},
            "DiskPressure", new String[] {"NodeHasDiskPressure", "NodeHasNoDiskPressure"},
            "PIDPressure", new String[] {"NodeHasInsufficientPID", "NodeHasSufficientPID"});

    private final EventRecorder events;
    private final String name;
    private final ObjectReference node;

    NodeEvents(EventRecorder events, String name) {
        this.events = events;
        this.name = name;
        this.node = reference(name);
    }

    /// A node in events is known by its name alone, as upstream has it.
    static ObjectReference reference(String name) {
        return ObjectReference.EMPTY.withKind("Node").withApiVersion("v1").withName(name).withUid(name);
    }

    void starting(boolean unified) {
        normal("Starting", "Starting kubelet.");
        if (!unified) {
            events.record(node, EventRecorder.WARNING, "CgroupV1", CGROUPS_V1);
        }
    }

    void limitsEnforced() {
        normal("NodeAllocatableEnforced", "Updated Node Allocatable limit across pods");
    }

    void limitsRefused(String group, String problem) {
        events.record(node, EventRecorder.WARNING, "FailedNodeAllocatableEnforcement", "Failed to update Node Allocatable Limits [\"" + group + "\"]: " + problem);
    }

    void shutdown(String what) {
        normal("Shutdown", "Shutdown manager detected shutdown " + what);
    }

    /// What differs between two states of the node. A condition that was not known counts as changed, but for a node that is not ready yet.
    void changed(NodeStatus before, NodeStatus after) {
        for (NodeCondition condition : after.conditions()) {
            String was = before.conditions().stream().filter(c -> c.type().equals(condition.type())).map(NodeCondition::status).findFirst().orElse("");
            String[] reasons = PRESSURES.get(condition.type());
            if (reasons != null && !was.equals(condition.status())) {
                status(condition.status().equals("True") ? reasons[0] : reasons[1]);
            } else if (condition.type().equals("Ready") && !was.equals(condition.status()) && !(was.isEmpty() && condition.status().equals("False"))) {
                status(condition.status().equals("True") ? "NodeReady" : "NodeNotReady");
            }
        }
        String booted = before.nodeInfo().bootID();
        if (!booted.isEmpty() && !booted.equals(after.nodeInfo().bootID())) {
            events.record(node, EventRecorder.WARNING, "Rebooted", "Node " + name + " has been rebooted, boot id: " + after.nodeInfo().bootID());
        }
    }

    /// Whether new pods are to come to the node.
    void schedulable(Node before, Node after) {
        if (before.spec().unschedulable() != after.spec().unschedulable()) {
            status(after.spec().unschedulable() ? "NodeNotSchedulable" : "NodeSchedulable");
        }
    }

    private void status(String reason) {
        normal(reason, "Node " + name + " status is now: " + reason);
    }

    private void normal(String reason, String message) {
        events.record(node, EventRecorder.NORMAL, reason, message);
    }
}
