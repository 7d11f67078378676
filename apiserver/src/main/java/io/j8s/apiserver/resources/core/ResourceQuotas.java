package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.core.v1.ResourceQuota;

/// `resourcequotas`
final class ResourceQuotas {

    private ResourceQuotas() {}

    static Resource<ResourceQuota> resource() {
        return Resource.of(ResourceQuota.RESOURCE)
                .answersDeletionWithObject()
                .shortNames("quota")
                .status((object, old, errors) -> {})
                .build();
    }
}
