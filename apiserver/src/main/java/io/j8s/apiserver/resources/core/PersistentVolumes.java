package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.core.v1.PersistentVolume;

/// `persistentvolumes`
final class PersistentVolumes {

    private PersistentVolumes() {}

    static Resource<PersistentVolume> resource() {
        return Resource.of(PersistentVolume.RESOURCE)
                .answersDeletionWithObject()
                .shortNames("pv")
                .status((object, old, errors) -> {})
                .build();
    }
}
