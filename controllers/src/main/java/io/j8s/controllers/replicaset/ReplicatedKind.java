package io.j8s.controllers.replicaset;

import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.selector.Selector;
import java.time.Instant;

/// What a kind of object says about its replicas, and how it is told what there is.
///
/// @param <T> the kind
interface ReplicatedKind<T extends Struct> {

    /// The name of the controller, as in flags and metrics.
    String controller();

    /// The component of its events.
    String component();

    /// Its queue's name in metrics.
    String queue();

    ApiResource<T> resource();

    ObjectMeta metadata(T object);

    Selector selector(T object);

    PodTemplateSpec template(T object);

    int replicas(T object);

    int minReadySeconds(T object);

    /// The object with these counts, the failure (if any) and its own generation in its status; equal to the object when nothing differs.
    T withStatus(T object, ReplicaCounts counts, Failure failure, Instant now);
}
