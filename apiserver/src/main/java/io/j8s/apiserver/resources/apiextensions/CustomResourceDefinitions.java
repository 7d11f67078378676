package io.j8s.apiserver.resources.apiextensions;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;

/// `customresourcedefinitions.apiextensions.k8s.io`
final class CustomResourceDefinitions {

    private CustomResourceDefinitions() {}

    static Resource<CustomResourceDefinition> resource() {
        return Resource.of(CustomResourceDefinition.RESOURCE)
                .storedAt("apiextensions.k8s.io/customresourcedefinitions")
                .shortNames("crd", "crds")
                .categories("api-extensions")
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
