package io.j8s.client;

import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reaches the API as one identity. Two kinds: in this process (the same chain of authorization, admission and storage as over HTTPS, but
/// immutable structs are handed over as they are) and over HTTPS.
///
/// `namespace` is empty for cluster-scoped resources, and for "all namespaces" in list, watch. All methods block, may be called from any thread, and throw
/// [ApiException] with the server's Status when it refuses, or with reason `ServiceUnavailable`/`Timeout` when it cannot be reached.
public interface Client {

    <T extends Struct> T get(ApiResource<T> resource, String namespace, String name);

    <T extends Struct> Page<T> list(ApiResource<T> resource, String namespace, ListOptions options);

    /// Watches until the watch is closed or ends by itself (server's time limit, expired revision).
    <T extends Struct> Watch<T> watch(ApiResource<T> resource, String namespace, ListOptions options);

    <T extends Struct> T create(ApiResource<T> resource, String namespace, T object, WriteOptions options);

    /// Replaces an object; `metadata.resourceVersion`, if set, must be its newest.
    <T extends Struct> T update(ApiResource<T> resource, String namespace, T object, WriteOptions options);

    <T extends Struct> T patch(ApiResource<T> resource, String namespace, String name, Patch patch, WriteOptions options);

    /// Deletes one object; answers what the server did: the object while it is still finishing, or a Status.
    <T extends Struct> Struct delete(ApiResource<T> resource, String namespace, String name, DeleteOptions options);

    <T extends Struct> void deleteCollection(ApiResource<T> resource, String namespace, ListOptions which, DeleteOptions options);

    /// POSTs to a subresource whose types differ from the object's (`binding`, `eviction`, `token`, …); answers a value of `answer`'s type or a Status.
    <T extends Struct> Struct createSubresource(ApiResource<T> resource, String namespace, String name, String subresource, Struct body, Type answer, WriteOptions options);

    /// GETs a subresource such as `scale`.
    <T extends Struct> Struct getSubresource(ApiResource<T> resource, String namespace, String name, String subresource, Type answer);

    default <T extends Struct> T create(ApiResource<T> resource, String namespace, T object) {
        return create(resource, namespace, object, WriteOptions.NONE);
    }

    default <T extends Struct> T update(ApiResource<T> resource, String namespace, T object) {
        return update(resource, namespace, object, WriteOptions.NONE);
    }

    default <T extends Struct> T updateStatus(ApiResource<T> resource, String namespace, T object) {
        return update(resource, namespace, object, WriteOptions.NONE.onSubresource("status"));
    }

    default <T extends Struct> List<T> list(ApiResource<T> resource, String namespace) {
        return list(resource, namespace, ListOptions.ALL).items();
    }

    /// Get, or null when there is no such object.
    default <T extends Struct> @Nullable T find(ApiResource<T> resource, String namespace, String name) {
        try {
            return get(resource, namespace, name);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return null;
            }
            throw e;
        }
    }
}
