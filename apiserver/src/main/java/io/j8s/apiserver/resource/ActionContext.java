package io.j8s.apiserver.resource;

import io.j8s.apiserver.authentication.User;
import io.j8s.client.DeleteOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import java.time.Instant;
import java.util.function.UnaryOperator;

/// What an action on an object (binding, eviction, token) may know and do. Its calls may block until a write is durable.
public interface ActionContext {

    User user();

    String namespace();

    /// The name in the request's path; empty for a resource that is only created.
    String name();

    Instant now();

    boolean dryRun();

    ClusterState state();

    void warn(String text);

    /// Adds to the audit of the request.
    void annotate(String key, String value);

    /// The object of this name, or a refusal with 404.
    <X extends Struct> X require(ApiResource<X> resource, String namespace, String name);

    /// Changes an object as it is now: validated, and tried again from its newest state when another writer came first. `change` may throw a refusal.
    /// A dry run stores nothing.
    <X extends Struct> X change(ApiResource<X> resource, String namespace, String name, UnaryOperator<X> change);

    /// As [#change], of the status: what is changed is owned by the manager `kube-apiserver`.
    <X extends Struct> X changeStatus(ApiResource<X> resource, String namespace, String name, UnaryOperator<X> change);

    /// Deletes an object as a DELETE request of the same user would, after authorization: admission is not asked again.
    Struct delete(ApiResource<?> resource, String namespace, String name, DeleteOptions options);
}
