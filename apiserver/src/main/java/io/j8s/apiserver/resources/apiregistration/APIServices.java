package io.j8s.apiserver.resources.apiregistration;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.apiregistration.v1.APIService;

/// `apiservices.apiregistration.k8s.io`
final class APIServices {

    private APIServices() {}

    static Resource<APIService> resource() {
        return Resource.of(APIService.RESOURCE)
                .storedAt("apiregistration.k8s.io/apiservices")
                .categories("api-extensions")
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
