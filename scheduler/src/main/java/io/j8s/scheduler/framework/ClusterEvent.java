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
        ASSIGNED_POD_DELETED,
        /// A pod came to a node, or its labels changed.
        ASSIGNED_POD_ADDED,
        ASSIGNED_POD_CHANGED,
        NODE_ADDED,
        NODE_ALLOCATABLE,
        NODE_LABELS,
        NODE_TAINTS,
        NODE_CONDITIONS,
        NODE_DELETED,
        NAMESPACE_LABELS,
        VOLUME,
        CLAIM,
        STORAGE_CLASS,
        CSI_NODE,
        /// The waiting pod itself was changed.
        THIS_POD,
        /// Time has passed: pods do not wait forever for an event that was not foreseen.
        TIMER
    }
}
