package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the group `resource.k8s.io`.
public final class DynamicResourcesGroup {

    private DynamicResourcesGroup() {}

    public static List<Resource<?>> resources() {
        return List.of(
                DeviceClasses.resource(),
                ResourceClaimTemplates.resource(),
                ResourceClaims.resource(),
                ResourceSlices.resource());
    }
}
