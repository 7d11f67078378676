package io.j8s.node.eviction;

import java.util.Map;

/// What a pod uses.
///
/// @param memoryBytes its working set
/// @param diskBytes the writable layers and logs of its containers, and its volumes on the node's disk
/// @param containers each container's part
public record PodUse(long memoryBytes, long diskBytes, long inodes, long processes, Map<String, ContainerUse> containers) {
    public static final PodUse NOTHING = new PodUse(0, 0, 0, 0, Map.of());

    public PodUse {
        containers = Map.copyOf(containers);
    }

    /// What one container uses.
    public record ContainerUse(long memoryBytes, long diskBytes) {}
}
