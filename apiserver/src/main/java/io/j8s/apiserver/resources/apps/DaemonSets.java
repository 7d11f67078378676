package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.apps.v1.DaemonSet;

/// `daemonsets.apps`
final class DaemonSets {

    private DaemonSets() {}

    static Resource<DaemonSet> resource() {
        return Resource.of(DaemonSet.RESOURCE)
                .shortNames("ds")
                .categories("all")
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
