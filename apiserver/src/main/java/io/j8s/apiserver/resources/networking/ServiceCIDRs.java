package io.j8s.apiserver.resources.networking;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.networking.v1.ServiceCIDR;

/// `servicecidrs.networking.k8s.io`
final class ServiceCIDRs {

    private ServiceCIDRs() {}

    static Resource<ServiceCIDR> resource() {
        return Resource.of(ServiceCIDR.RESOURCE)
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
