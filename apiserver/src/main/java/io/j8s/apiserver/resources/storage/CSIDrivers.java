package io.j8s.apiserver.resources.storage;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.storage.v1.CSIDriver;

/// `csidrivers.storage.k8s.io`
final class CSIDrivers {

    private CSIDrivers() {}

    static Resource<CSIDriver> resource() {
        return Resource.of(CSIDriver.RESOURCE)
                .updatesOnlyConditionally()
                .build();
    }
}
