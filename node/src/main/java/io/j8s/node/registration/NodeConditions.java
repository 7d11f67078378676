package io.j8s.node.registration;

import io.j8s.model.core.v1.NodeCondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// The conditions that a node agent reports (API reference, "NodeCondition").
public final class NodeConditions {
    private NodeConditions() {}

    /// @param notReady why the node cannot run pods; empty when it can
    /// @param before the conditions as they were written before, whose transition times are kept
    public static List<NodeCondition> of(String notReady, boolean memoryPressure, boolean diskPressure, boolean pidPressure, List<NodeCondition> before, Instant now) {
        return List.of(
                timed(condition("MemoryPressure", memoryPressure, "KubeletHasInsufficientMemory", "kubelet has insufficient memory available",
                        "KubeletHasSufficientMemory", "kubelet has sufficient memory available"), before, now),
                timed(condition("DiskPressure", diskPressure, "KubeletHasDiskPressure", "kubelet has disk pressure",
                        "KubeletHasNoDiskPressure", "kubelet has no disk pressure"), before, now),
                timed(condition("PIDPressure", pidPressure, "KubeletHasInsufficientPID", "kubelet has insufficient PID available",
                        "KubeletHasSufficientPID", "kubelet has sufficient PID available"), before, now),
                timed(condition("Ready", notReady.isEmpty(), "KubeletReady", "kubelet is posting ready status", "KubeletNotReady", notReady), before, now));
    }

    private static NodeCondition condition(String type, boolean holds, String reason, String message, String otherReason, String otherMessage) {
        return NodeCondition.EMPTY.withType(type).withStatus(holds ? "True" : "False")
                .withReason(holds ? reason : otherReason).withMessage(holds ? message : otherMessage);
    }

    private static NodeCondition timed(NodeCondition condition, List<NodeCondition> before, Instant now) {
        Instant seconds = now.truncatedTo(ChronoUnit.SECONDS);
        Instant since = before.stream()
                .filter(b -> b.type().equals(condition.type()) && b.status().equals(condition.status()) && b.hasLastTransitionTime())
                .findFirst().map(NodeCondition::lastTransitionTime).orElse(seconds);
        return condition.withLastHeartbeatTime(seconds).withLastTransitionTime(since);
    }
}
