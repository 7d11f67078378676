package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.core.v1.PersistentVolumeClaim;

/// `persistentvolumeclaims`
final class PersistentVolumeClaims {

    private PersistentVolumeClaims() {}

    static Resource<PersistentVolumeClaim> resource() {
        return Resource.of(PersistentVolumeClaim.RESOURCE)
                .answersDeletionWithObject()
                .shortNames("pvc")
                .status((object, old, errors) -> {})
                .build();
    }
}
