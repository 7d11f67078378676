package io.j8s.apiserver.resources.storage;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.storage.v1.CSIStorageCapacity;

/// `csistoragecapacities.storage.k8s.io`
final class CSIStorageCapacities {

    private CSIStorageCapacities() {}

    static Resource<CSIStorageCapacity> resource() {
        return Resource.of(CSIStorageCapacity.RESOURCE)
                .updatesOnlyConditionally()
                .build();
    }
}
