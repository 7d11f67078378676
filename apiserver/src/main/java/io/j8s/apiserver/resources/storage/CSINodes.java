package io.j8s.apiserver.resources.storage;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.storage.v1.CSINode;

/// `csinodes.storage.k8s.io`
final class CSINodes {

    private CSINodes() {}

    static Resource<CSINode> resource() {
        return Resource.of(CSINode.RESOURCE)
                .updatesOnlyConditionally()
                .build();
    }
}
