package io.j8s.scheduler.framework;

/// What a plugin's answers for a node depend on, besides the pod's specification. Answers that depend on the node alone are kept, for all pods that are alike, until the node changes.
public enum Reach {
    /// The node object, and the pods on it.
    NODE,
    /// Other nodes too, or other objects.
    CLUSTER
}
