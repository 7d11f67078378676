package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.resource.v1.ResourceSlice;

/// `resourceslices.resource.k8s.io`
final class ResourceSlices {

    private ResourceSlices() {}

    static Resource<ResourceSlice> resource() {
        return Resource.of(ResourceSlice.RESOURCE)
                .answersDeletionWithObject()
                .build();
    }
}
