package io.j8s.controllers.garbagecollector;

import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.OwnerReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Who owns whom, as the informers tell it.
///
/// An owner that was not seen yet is a virtual node: it may just not have been delivered, or be gone; looking it up decides. The graph only says what is worth looking at:
/// before anything is deleted the server is asked.
final class Graph {
    static final String ORPHAN = "orphan";
    static final String FOREGROUND = "foregroundDeletion";

    private final Map<String, Node> nodes = new HashMap<>();
    private final Consumer<String> attemptDelete;
    private final Consumer<String> attemptOrphan;
    private final BiConsumer<Node, OwnerReference> wrongNamespace;

    /// @param attemptDelete told the uid of each object that may have to be deleted, or finished
    /// @param attemptOrphan told the uid of each object whose dependents are to be orphaned
    /// @param wrongNamespace told of an object that names an owner of another namespace, which can never be right; called inside the monitor
    Graph(Consumer<String> attemptDelete, Consumer<String> attemptOrphan, BiConsumer<Node, OwnerReference> wrongNamespace) {
        this.wrongNamespace = wrongNamespace;
        this.attemptDelete = attemptDelete;
        this.attemptOrphan = attemptOrphan;
    }

    /// A copy of what is known of an object, safe to use without the monitor.
    ///
    /// @param dependents their uids
    /// @param blocking the uids of those that keep it from being finished in the foreground
    record View(Node.Identity identity, boolean observed, boolean beingDeleted, boolean deletingDependents, List<String> dependents, List<String> blocking, boolean dependentsDeletingDependents) {}

    synchronized @Nullable View view(String uid) {
        Node node = nodes.get(uid);
        if (node == null) {
            return null;
        }
        List<String> blocking = node.dependents.stream().filter(d -> d.blocks(node)).map(d -> d.uid).toList();
        return new View(node.identity, node.observed, node.beingDeleted, node.deletingDependents, node.dependents.stream().map(d -> d.uid).toList(), blocking, node.dependents.stream().anyMatch(d -> d.deletingDependents));
    }

    /// An object was added or changed.
    synchronized void put(String apiVersion, String kind, ObjectMeta meta) {
        Node node = nodes.get(meta.uid());
        boolean isNew = node == null;
        if (node == null) {
            node = new Node(meta.uid(), new Node.Identity(apiVersion, kind, meta.namespace(), meta.name()));
            nodes.put(meta.uid(), node);
        }
        if (!node.observed) {
            node.observed = true;
            Node.Identity observed = new Node.Identity(apiVersion, kind, meta.namespace(), meta.name());
            if (!observed.equals(node.identity)) {
                node.identity = observed;
                node.dependents.forEach(dependent -> checkReferences(dependent, meta.uid()));
            }
        }
        changeOwners(node, meta.ownerReferences(), isNew);
        boolean deleting = meta.deletionTimestamp() != null;
        boolean foreground = deleting && meta.finalizers().contains(FOREGROUND);
        if (deleting && meta.finalizers().contains(ORPHAN)) {
            attemptOrphan.accept(node.uid);
        }
        if (foreground && !node.deletingDependents) {
            node.dependents.forEach(dependent -> attemptDelete.accept(dependent.uid));
            attemptDelete.accept(node.uid);
        }
        node.beingDeleted = deleting;
        node.deletingDependents = foreground;
    }

    private void changeOwners(Node node, List<OwnerReference> owners, boolean isNew) {
        if (!isNew && owners.equals(node.owners)) {
            return;
        }
        Set<String> now = new HashSet<>();
        List<OwnerReference> before = node.owners;
        node.owners = owners;
        for (OwnerReference reference : owners) {
            now.add(reference.uid());
            Node owner = nodes.get(reference.uid());
            if (owner == null) {
                owner = new Node(reference.uid(), new Node.Identity(reference.apiVersion(), reference.kind(), node.identity.namespace(), reference.name()));
                nodes.put(reference.uid(), owner);
                attemptDelete.accept(owner.uid);
            }
            owner.dependents.add(node);
            if (owner.deletingDependents) {
                attemptDelete.accept(node.uid);
            }
            if (owner.observed) {
                checkReferences(node, owner.uid);
            }
        }
        for (OwnerReference reference : before) {
            Node owner = nodes.get(reference.uid());
            if (owner == null) {
                continue;
            }
            if (!now.contains(reference.uid())) {
                owner.dependents.remove(node);
            }
            if (owner.deletingDependents) {
                attemptDelete.accept(owner.uid);
            }
        }
    }

    /// An owner is known as what it is: whoever names it wrongly may have no owner.
    private void checkReferences(Node dependent, String ownerUid) {
        Node owner = nodes.get(ownerUid);
        for (OwnerReference reference : dependent.owners) {
            if (owner == null || !reference.uid().equals(ownerUid)) {
                continue;
            }
            boolean elsewhere = !owner.identity.namespace().isEmpty() && !owner.identity.namespace().equals(dependent.identity.namespace());
            if (elsewhere) {
                wrongNamespace.accept(dependent, reference);
            }
            if (elsewhere || !sameObject(reference, owner)) {
                attemptDelete.accept(dependent.uid);
            }
        }
    }

    /// Whether the reference names the owner that has its uid; if it names another, that one does not exist.
    private static boolean sameObject(OwnerReference reference, Node owner) {
        return reference.name().equals(owner.identity.name()) && reference.kind().equals(owner.identity.kind());
    }

    /// An object is gone, or never was.
    synchronized void remove(String uid) {
        Node node = nodes.remove(uid);
        if (node == null) {
            return;
        }
        for (Node dependent : node.dependents) {
            attemptDelete.accept(dependent.uid);
        }
        for (OwnerReference reference : node.owners) {
            Node owner = nodes.get(reference.uid());
            if (owner != null) {
                owner.dependents.remove(node);
                if (owner.deletingDependents) {
                    attemptDelete.accept(owner.uid);
                } else if (!owner.observed && owner.dependents.isEmpty()) {
                    nodes.remove(owner.uid);
                }
            }
        }
    }

    /// A kind is no longer served: forgets its objects.
    synchronized void removeKind(String apiVersion, String kind) {
        List<String> gone = new ArrayList<>();
        nodes.values().forEach(node -> {
            if (node.identity.kind().equals(kind) && node.identity.apiVersion().equals(apiVersion)) {
                gone.add(node.uid);
            }
        });
        gone.forEach(this::remove);
    }

    synchronized int size() {
        return nodes.size();
    }
}
