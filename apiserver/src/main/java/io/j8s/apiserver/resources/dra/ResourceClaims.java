package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.resource.v1.ResourceClaim;

/// `resourceclaims.resource.k8s.io`
final class ResourceClaims {

    private ResourceClaims() {}

    static Resource<ResourceClaim> resource() {
        return Resource.of(ResourceClaim.RESOURCE)
                .answersDeletionWithObject()
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
