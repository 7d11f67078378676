package io.j8s.apiserver.resources.storage;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.storage.v1.StorageClass;

/// `storageclasses.storage.k8s.io`
final class StorageClasses {

    private StorageClasses() {}

    static Resource<StorageClass> resource() {
        return Resource.of(StorageClass.RESOURCE)
                .shortNames("sc")
                .build();
    }
}
