package io.j8s.apiserver.resource;

import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import java.util.function.UnaryOperator;

/// Writes the server's own bookkeeping into objects, past authorization and admission.
public interface ObjectWriter {

    /// Changes the status of an object as it is now, as the manager `kube-apiserver`, tried again from its newest state when another writer came first; answers it as it is then. `change` may throw a refusal. Blocks
    /// until the change is durable.
    <T extends Struct> T change(ApiResource<T> resource, String namespace, String name, UnaryOperator<T> change);

    /// The same for what is not of the status: labels and annotations.
    <T extends Struct> T changeMetadata(ApiResource<T> resource, String namespace, String name, UnaryOperator<T> change);

    /// Makes an object, past authorization, through admission. May throw a refusal (409 when it is there). Blocks until it is durable.
    <T extends Struct> T create(ApiResource<T> resource, String namespace, T object);
}
