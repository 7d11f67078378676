package io.j8s.apiserver.resource;

import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The server's own current objects, decoded. Reads cost no I/O, hold no lock and may be made from any thread.
public interface ClusterState {

    /// The object, or null when there is none.
    <T extends Struct> @Nullable T get(ApiResource<T> resource, String namespace, String name);

    /// The objects of a namespace (empty: of all), in the order of their keys. The list does not change afterwards.
    <T extends Struct> List<T> list(ApiResource<T> resource, String namespace);
}
