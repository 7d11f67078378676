package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.resource.v1.ResourceClaimTemplate;

/// `resourceclaimtemplates.resource.k8s.io`
final class ResourceClaimTemplates {

    private ResourceClaimTemplates() {}

    static Resource<ResourceClaimTemplate> resource() {
        return Resource.of(ResourceClaimTemplate.RESOURCE)
                .answersDeletionWithObject()
                .build();
    }
}
