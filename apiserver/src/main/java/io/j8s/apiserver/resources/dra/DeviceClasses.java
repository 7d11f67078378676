package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.resource.v1.DeviceClass;

/// `deviceclasses.resource.k8s.io`
final class DeviceClasses {

    private DeviceClasses() {}

    static Resource<DeviceClass> resource() {
        return Resource.of(DeviceClass.RESOURCE)
                .answersDeletionWithObject()
                .build();
    }
}
