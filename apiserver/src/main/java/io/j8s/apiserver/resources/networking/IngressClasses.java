package io.j8s.apiserver.resources.networking;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.networking.v1.IngressClass;

/// `ingressclasses.networking.k8s.io`
final class IngressClasses {

    private IngressClasses() {}

    static Resource<IngressClass> resource() {
        return Resource.of(IngressClass.RESOURCE)
                .build();
    }
}
