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
        NAMESPACE_LABELS("Namespace"),
        VOLUME("PersistentVolume"),
        CLAIM("PersistentVolumeClaim"),
        STORAGE_CLASS("storage.k8s.io/StorageClass"),
        CSI_NODE("storage.k8s.io/CSINode"),
        CSI_DRIVER("storage.k8s.io/CSIDriver"),
        STORAGE_CAPACITY("storage.k8s.io/CSIStorageCapacity"),
        VOLUME_DETACHED("storage.k8s.io/VolumeAttachment"),
        RESOURCE_CLAIM("resource.k8s.io/ResourceClaim"),
        RESOURCE_SLICE("resource.k8s.io/ResourceSlice"),
        DEVICE_CLASS("resource.k8s.io/DeviceClass"),
        /// The waiting pod itself was changed.
        THIS_POD("UnscheduledPodUpdate"),
        /// Time has passed: pods do not wait forever for an event that was not foreseen.
        TIMER("UnschedulableTimeout");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /// Its name in metrics, as far as the kind says it.
        String label() {
            return label;
        }
    }

    /// Its name in metrics: for most kinds of objects with what was done to them.
    public String label() {
        return switch (kind) {
            case VOLUME, CLAIM, STORAGE_CLASS, CSI_NODE, CSI_DRIVER, STORAGE_CAPACITY, VOLUME_DETACHED, RESOURCE_CLAIM, RESOURCE_SLICE, DEVICE_CLASS, NAMESPACE_LABELS ->
                    kind.label() + (before == null && after != null ? "Add" : after == null && before != null ? "Delete" : "Update");
            default -> kind.label();
        };
    }
}
