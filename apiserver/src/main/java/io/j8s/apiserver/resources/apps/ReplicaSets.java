package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.apps.v1.ReplicaSet;

/// `replicasets.apps`
final class ReplicaSets {

    private ReplicaSets() {}

    static Resource<ReplicaSet> resource() {
        return Resource.of(ReplicaSet.RESOURCE)
                .shortNames("rs")
                .categories("all")
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
