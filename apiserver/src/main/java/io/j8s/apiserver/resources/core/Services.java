package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.core.v1.Service;

/// `services`
final class Services {

    private Services() {}

    static Resource<Service> resource() {
        return Resource.of(Service.RESOURCE)
                .storedAt("services/specs")
                .shortNames("svc")
                .categories("all")
                .status((object, old, errors) -> {})
                .build();
    }
}
