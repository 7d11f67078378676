package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.core.v1.ReplicationController;

/// `replicationcontrollers`
final class ReplicationControllers {

    private ReplicationControllers() {}

    static Resource<ReplicationController> resource() {
        return Resource.of(ReplicationController.RESOURCE)
                .storedAt("controllers")
                .shortNames("rc")
                .categories("all")
                .orphansByDefault()
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
