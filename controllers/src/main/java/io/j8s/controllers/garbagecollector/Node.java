package io.j8s.controllers.garbagecollector;

import io.j8s.model.meta.v1.OwnerReference;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// An object in the graph. All fields but the first three are guarded by the graph's monitor.
final class Node {
    final String uid;
    /// What its owners are known by; for a virtual node, what a dependent says of it.
    Identity identity;
    List<OwnerReference> owners = List.of();
    final Set<Node> dependents = new HashSet<>();
    /// Whether it was seen, and is not only named by a dependent.
    boolean observed;
    boolean beingDeleted;
    /// Whether it waits until its dependents are gone (`foregroundDeletion`).
    boolean deletingDependents;

    /// @param namespace empty for cluster-scoped objects
    record Identity(String apiVersion, String kind, String namespace, String name) {}

    Node(String uid, Identity identity) {
        this.uid = uid;
        this.identity = identity;
    }

    boolean blocks(Node owner) {
        return owners.stream().anyMatch(reference -> reference.uid().equals(owner.uid) && reference.blockOwnerDeletion());
    }

    @Override
    public String toString() {
        return identity.kind() + " " + (identity.namespace().isEmpty() ? "" : identity.namespace() + "/") + identity.name();
    }
}
