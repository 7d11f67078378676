package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.core.v1.Endpoints;

/// `endpoints`
final class EndpointsObjects {

    private EndpointsObjects() {}

    static Resource<Endpoints> resource() {
        return Resource.of(Endpoints.RESOURCE)
                .storedAt("services/endpoints")
                .shortNames("ep")
                .createsOnUpdate()
                .build();
    }
}
