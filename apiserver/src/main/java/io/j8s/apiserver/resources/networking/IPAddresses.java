package io.j8s.apiserver.resources.networking;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.networking.v1.IPAddress;

/// `ipaddresses.networking.k8s.io`
final class IPAddresses {

    private IPAddresses() {}

    static Resource<IPAddress> resource() {
        return Resource.of(IPAddress.RESOURCE)
                .shortNames("ip")
                .build();
    }
}
