package io.j8s.client.loop;

import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.OwnerReference;
import org.jspecify.annotations.Nullable;

/// References from objects to their owners.
public final class Ownership {
    private Ownership() {}

    /// The reference to the one owner that controls the object, or null.
    public static @Nullable OwnerReference controllerOf(Struct object) {
        return controllerOf(Objects.metadata(object));
    }

    public static @Nullable OwnerReference controllerOf(ObjectMeta metadata) {
        for (OwnerReference reference : metadata.ownerReferences()) {
            if (reference.controller()) {
                return reference;
            }
        }
        return null;
    }

    /// Whether the object's controller is the one with this uid.
    public static boolean controlledBy(Struct object, String uid) {
        OwnerReference reference = controllerOf(object);
        return reference != null && reference.uid().equals(uid);
    }

    /// Whether the object's controller is of this group and kind.
    public static boolean controlledByKind(@Nullable OwnerReference reference, ApiResource<?> owners) {
        return reference != null && reference.kind().equals(owners.kind()) && groupOf(reference.apiVersion()).equals(owners.group());
    }

    /// A controlling reference that blocks the owner's foreground deletion.
    public static OwnerReference controllerReference(ApiResource<?> resource, ObjectMeta owner) {
        return OwnerReference.EMPTY
                .withApiVersion(resource.apiVersion())
                .withKind(resource.kind())
                .withName(owner.name())
                .withUid(owner.uid())
                .withController(true)
                .withBlockOwnerDeletion(true);
    }

    private static String groupOf(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }
}
