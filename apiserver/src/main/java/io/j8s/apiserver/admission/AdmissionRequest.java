package io.j8s.apiserver.admission;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A write on its way, as admission plugins see it. Immutable; a plugin that changes the object answers the changed one.
///
/// @param resource the declaration of the resource
/// @param requested the version that the client spoke
/// @param subresource empty for the object itself
/// @param name empty when it is still to be generated, and for a deletion of a collection
/// @param object the object as it is to be, in the hub's version (for an action, the action's body); null for a deletion
/// @param old the stored object, in the hub's version; null on create
/// @param options CreateOptions, UpdateOptions, PatchOptions or DeleteOptions as sent
/// @param warn adds a `Warning` header
/// @param annotate adds an audit annotation (key, value)
/// @param reservations what plugins have taken for this write
public record AdmissionRequest(
        Operation operation,
        Resource<?> resource,
        ApiResource<?> requested,
        String subresource,
        String namespace,
        String name,
        @Nullable Struct object,
        @Nullable Struct old,
        @Nullable Struct options,
        User user,
        boolean dryRun,
        Instant now,
        ClusterState state,
        Consumer<String> warn,
        BiConsumer<String, String> annotate,
        Reservations reservations) {

    public AdmissionRequest(
            Operation operation,
            Resource<?> resource,
            ApiResource<?> requested,
            String subresource,
            String namespace,
            String name,
            @Nullable Struct object,
            @Nullable Struct old,
            @Nullable Struct options,
            User user,
            boolean dryRun,
            Instant now,
            ClusterState state,
            Consumer<String> warn,
            BiConsumer<String, String> annotate) {
        this(operation, resource, requested, subresource, namespace, name, object, old, options, user, dryRun, now, state, warn, annotate, new Reservations());
    }

    /// The group of the resource.
    public String group() {
        return requested.group();
    }

    /// Whether it is about this resource, in whatever version and subresource.
    public boolean about(String group, String plural) {
        return requested.plural().equals(plural) && requested.group().equals(group);
    }

    /// The same with another object.
    public AdmissionRequest withObject(Struct changed) {
        return new AdmissionRequest(
                operation, resource, requested, subresource, namespace, name, changed, old, options, user, dryRun, now, state, warn, annotate, reservations);
    }

    /// The same with another name.
    public AdmissionRequest named(String exact) {
        return new AdmissionRequest(
                operation, resource, requested, subresource, namespace, exact, object, old, options, user, dryRun, now, state, warn, annotate, reservations);
    }

    /// Whether it is about the object itself of this resource (no subresource), with this operation.
    public boolean is(Operation wanted, String group, String plural) {
        return operation == wanted && subresource.isEmpty() && about(group, plural);
    }

    /// A refusal (403) of this request by a plugin.
    public Refusal forbidden(String why) {
        String called = name;
        if (called.isEmpty() && object != null) {
            ObjectMeta meta = Objects.metadata(object);
            called = !meta.name().isEmpty() ? meta.name() : !meta.generateName().isEmpty() ? meta.generateName() : "Unknown";
        }
        return Refusal.forbidden(group(), requested.plural(), called.isEmpty() ? "Unknown" : called, why);
    }
}
