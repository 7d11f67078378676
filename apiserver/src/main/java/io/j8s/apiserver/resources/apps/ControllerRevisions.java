package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.apps.v1.ControllerRevision;

/// `controllerrevisions.apps`
final class ControllerRevisions {

    private ControllerRevisions() {}

    static Resource<ControllerRevision> resource() {
        return Resource.of(ControllerRevision.RESOURCE)
                .build();
    }
}
