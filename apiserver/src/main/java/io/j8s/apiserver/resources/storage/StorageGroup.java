package io.j8s.apiserver.resources.storage;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the group `storage.k8s.io`.
public final class StorageGroup {

    private StorageGroup() {}

    public static List<Resource<?>> resources() {
        return List.of(
                CSIDrivers.resource(),
                CSINodes.resource(),
                CSIStorageCapacities.resource(),
                StorageClasses.resource(),
                VolumeAttachments.resource(),
                VolumeAttributesClasses.resource());
    }
}
