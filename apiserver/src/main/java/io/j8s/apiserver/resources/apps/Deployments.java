package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.apps.v1.Deployment;

/// `deployments.apps`
final class Deployments {

    private Deployments() {}

    static Resource<Deployment> resource() {
        return Resource.of(Deployment.RESOURCE)
                .shortNames("deploy")
                .categories("all")
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
