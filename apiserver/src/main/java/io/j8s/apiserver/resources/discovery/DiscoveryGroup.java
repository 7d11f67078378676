package io.j8s.apiserver.resources.discovery;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the group `discovery.k8s.io`.
public final class DiscoveryGroup {

    private DiscoveryGroup() {}

    public static List<Resource<?>> resources() {
        return List.of(
                EndpointSlices.resource());
    }
}
