package io.j8s.apiserver.resources.networking;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.networking.v1.Ingress;

/// `ingresses.networking.k8s.io`
final class Ingresses {

    private Ingresses() {}

    static Resource<Ingress> resource() {
        return Resource.of(Ingress.RESOURCE)
                .storedAt("ingress")
                .shortNames("ing")
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
