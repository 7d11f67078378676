package io.j8s.apiserver.resources.discovery;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.discovery.v1.EndpointSlice;

/// `endpointslices.discovery.k8s.io`
final class EndpointSlices {

    private EndpointSlices() {}

    static Resource<EndpointSlice> resource() {
        return Resource.of(EndpointSlice.RESOURCE)
                .build();
    }
}
