package io.j8s.apiserver.operation;

import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.status.FieldError;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a request is about: a resource in the version that the client spoke, and an object of it by name.
///
/// @param namespace empty for cluster-scoped resources, and for all namespaces
/// @param name empty for a collection, and for an object whose name is in its body
public record Target<T extends Struct>(Resource<T> resource, Version<T, ?> version, String namespace, String name) {

    public String group() {
        return version.resource().group();
    }

    public String plural() {
        return version.resource().plural();
    }

    public String kind() {
        return version.resource().kind();
    }

    /// The same with another name.
    public Target<T> named(String other) {
        return new Target<>(resource, version, namespace, other);
    }

    public Target<T> in(String otherNamespace) {
        return new Target<>(resource, version, otherNamespace, name);
    }

    /// A stored object in the form in which the server works on this request; null for none.
    @Nullable Stored<T> working(@Nullable Stored<T> stored) {
        return stored == null || !version.converts(stored.object()) ? stored : stored.as(version.working(stored.object()));
    }

    Refusal notFound() {
        return Refusal.notFound(group(), plural(), name);
    }

    Refusal invalid(List<FieldError> errors) {
        return Refusal.invalid(resource.hub().group(), kind(), name, errors);
    }

    Refusal conflict(String why) {
        return Refusal.conflict(group(), plural(), name, why);
    }

    Refusal changedMeanwhile() {
        return Refusal.changedMeanwhile(group(), plural(), name);
    }
}
