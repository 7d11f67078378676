package io.j8s.apiserver.resource;

import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import java.time.Instant;

/// What the server itself may do after an object was written, before the client is answered.
public interface Upkeep {

    /// The objects as they are now.
    ClusterState state();

    Instant now();

    /// Applies (server-side) the status of an object, and forces it; an object that is gone is passed over. Blocks until it is durable.
    ///
    /// @param configuration the object's name and namespace, and the part of its status that the manager is to own
    <X extends Struct> void applyStatus(ApiResource<X> resource, X configuration, String manager);
}
