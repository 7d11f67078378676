package io.j8s.apiserver.resources.storage;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.storage.v1.VolumeAttachment;

/// `volumeattachments.storage.k8s.io`
final class VolumeAttachments {

    private VolumeAttachments() {}

    static Resource<VolumeAttachment> resource() {
        return Resource.of(VolumeAttachment.RESOURCE)
                .updatesOnlyConditionally()
                .status((object, old, errors) -> {})
                .build();
    }
}
