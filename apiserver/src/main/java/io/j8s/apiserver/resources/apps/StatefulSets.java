package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.apps.v1.StatefulSet;

/// `statefulsets.apps`
final class StatefulSets {

    private StatefulSets() {}

    static Resource<StatefulSet> resource() {
        return Resource.of(StatefulSet.RESOURCE)
                .shortNames("sts")
                .categories("all")
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
