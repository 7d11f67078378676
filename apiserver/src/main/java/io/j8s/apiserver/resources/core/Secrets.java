package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.core.v1.Secret;

/// `secrets`
final class Secrets {

    private Secrets() {}

    static Resource<Secret> resource() {
        return Resource.of(Secret.RESOURCE)
                .build();
    }
}
