package io.j8s.scheduler.framework;

import io.j8s.model.Struct;
import org.jspecify.annotations.Nullable;

/// Something happened in the cluster that may make room for a pod that is waiting.
///
/// @param before null when the object is new
/// @param after null when the object is gone
public record ClusterEvent(Kind kind, @Nullable Struct before, @Nullable Struct after) {

    public enum Kind {
        /// A pod that was on a node is gone, or asks for less.
        ASSIGNED_POD_DELETED("AssignedPodDelete"),
        /// A pod came to a node, or its labels changed.
        ASSIGNED_POD_ADDED("AssignedPodAdd"),
        ASSIGNED_POD_CHANGED("AssignedPodUpdate"),
        NODE_ADDED("NodeAdd"),
        NODE_ALLOCATABLE("NodeUpdateNodeAllocatable"),
        NODE_LABELS("NodeUpdateNodeLabel"),
        NODE_TAINTS("NodeUpdateNodeTaint"),
        NODE_FEATURES("NodeUpdateNodeDeclaredFeature"),
        NODE_DELETED("NodeDelete"),
        NAMESPACE_LABELS("NamespaceUpdate"),
        VOLUME("PersistentVolumeUpdate"),
        CLAIM("PersistentVolumeClaimUpdate"),
        STORAGE_CLASS("StorageClassAdd"),
        CSI_NODE("CSINodeUpdate"),
        CSI_DRIVER("CSIDriverUpdate"),
        STORAGE_CAPACITY("CSIStorageCapacityUpdate"),
        VOLUME_DETACHED("VolumeAttachmentDelete"),
        RESOURCE_CLAIM("ResourceClaimUpdate"),
        RESOURCE_SLICE("ResourceSliceUpdate"),
        DEVICE_CLASS("DeviceClassUpdate"),
        /// The waiting pod itself was changed.
        THIS_POD("UnscheduledPodUpdate"),
        /// Time has passed: pods do not wait forever for an event that was not foreseen.
        TIMER("UnschedulableTimeout");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /// Its name in metrics.
        public String label() {
            return label;
        }
    }
}
