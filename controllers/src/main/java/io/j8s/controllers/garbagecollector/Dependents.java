package io.j8s.controllers.garbagecollector;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.JsonText;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.OwnerReference;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads and changes the metadata of any object, always at the version it was read at.
final class Dependents {
    private static final int CONFLICT_RETRIES = 5;

    private final Client client;

    Dependents(Client client) {
        this.client = client;
    }

    /// The object's metadata as the server has it now, or null when there is no object of this name.
    @Nullable ObjectMeta find(ApiResource<? extends Struct> resource, String namespace, String name) {
        Struct object = client.find(resource, resource.namespaced() ? namespace : "", name);
        return object == null ? null : Objects.metadata(object);
    }

    /// Replaces the owner references.
    void writeOwners(ApiResource<? extends Struct> resource, ObjectMeta current, List<OwnerReference> owners) {
        StringBuilder list = new StringBuilder("[");
        owners.forEach(owner -> list.append(list.length() == 1 ? "" : ",").append(Json.text(owner)));
        patch(resource, current, "\"ownerReferences\":" + list.append(']'));
    }

    /// Takes a finalizer away; reads again when somebody else writes meanwhile.
    void removeFinalizer(ApiResource<? extends Struct> resource, Node.Identity identity, String uid, String finalizer) {
        change(resource, identity, uid, current -> {
            List<String> left = current.finalizers().stream().filter(f -> !f.equals(finalizer)).toList();
            return left.equals(current.finalizers()) ? "" : "\"finalizers\":" + JsonText.quoteAll(left);
        });
    }

    /// Takes references to one owner away.
    void removeOwner(ApiResource<? extends Struct> resource, Node.Identity identity, String uid, String ownerUid) {
        change(resource, identity, uid, current -> {
            List<OwnerReference> left = current.ownerReferences().stream().filter(o -> !o.uid().equals(ownerUid)).toList();
            if (left.size() == current.ownerReferences().size()) {
                return "";
            }
            StringBuilder list = new StringBuilder("[");
            left.forEach(owner -> list.append(list.length() == 1 ? "" : ",").append(Json.text(owner)));
            return "\"ownerReferences\":" + list.append(']');
        });
    }

    /// What to change in the metadata, as JSON members; empty: nothing.
    @FunctionalInterface
    private interface Change {
        String of(ObjectMeta current);
    }

    private void change(ApiResource<? extends Struct> resource, Node.Identity identity, String uid, Change change) {
        for (int tries = 1; ; tries++) {
            ObjectMeta current = find(resource, identity.namespace(), identity.name());
            if (current == null || !current.uid().equals(uid)) {
                return;
            }
            String members = change.of(current);
            if (members.isEmpty()) {
                return;
            }
            try {
                patch(resource, current, members);
                return;
            } catch (ApiException e) {
                if (e.isNotFound()) {
                    return;
                }
                if (!e.isConflict() || tries == CONFLICT_RETRIES) {
                    throw e;
                }
            }
        }
    }

    private void patch(ApiResource<? extends Struct> resource, ObjectMeta current, String members) {
        String text = "{\"metadata\":{\"uid\":" + JsonText.quote(current.uid()) + ",\"resourceVersion\":" + JsonText.quote(current.resourceVersion()) + "," + members + "}}";
        client.patch(resource, current.namespace(), current.name(), new Patch.Merge(text), WriteOptions.NONE);
    }

    /// Deletes exactly what was read.
    void delete(ApiResource<? extends Struct> resource, ObjectMeta current, String policy) {
        client.delete(resource, current.namespace(), current.name(), new DeleteOptions(null, policy, current.uid(), current.resourceVersion(), false));
    }

    /// The references, each changed.
    static List<OwnerReference> each(ObjectMeta meta, UnaryOperator<OwnerReference> change) {
        return meta.ownerReferences().stream().map(change).toList();
    }
}
