package io.j8s.apiserver.resources.storage;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.storage.v1.VolumeAttributesClass;

/// `volumeattributesclasses.storage.k8s.io`
final class VolumeAttributesClasses {

    private VolumeAttributesClasses() {}

    static Resource<VolumeAttributesClass> resource() {
        return Resource.of(VolumeAttributesClass.RESOURCE)
                .shortNames("vac")
                .build();
    }
}
