package io.j8s.apiserver.resources.networking;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.networking.v1.NetworkPolicy;

/// `networkpolicies.networking.k8s.io`
final class NetworkPolicies {

    private NetworkPolicies() {}

    static Resource<NetworkPolicy> resource() {
        return Resource.of(NetworkPolicy.RESOURCE)
                .shortNames("netpol")
                .build();
    }
}
