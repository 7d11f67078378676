package io.j8s.apiserver.resource;

import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The server's own current objects, decoded. Reads cost no I/O, hold no lock and may be made from any thread.
public interface ClusterState {

    /// The object, or null when there is none.
    <T extends Struct> @Nullable T get(ApiResource<T> resource, String namespace, String name);

    /// The objects of a namespace (empty: of all), in the order of their keys. The list does not change afterwards.
    <T extends Struct> List<T> list(ApiResource<T> resource, String namespace);

    /// A number that changes whenever an object of this resource does: what was worked out from its objects still holds while it stays the same. Read it before the
    /// objects.
    long version(ApiResource<?> resource);

    /// Whether any object of a namespace (empty: of all) is such a one; looks no further than the first, and copies nothing.
    <T extends Struct> boolean any(ApiResource<T> resource, String namespace, Predicate<T> condition);

    /// The resource of a kind, built-in or custom, in the version that the server works in; null when it is not served or not stored.
    ///
    /// @param apiVersion one that is served, such as `apps/v1`
    default @Nullable ApiResource<?> named(String apiVersion, String kind) {
        return null;
    }
}
