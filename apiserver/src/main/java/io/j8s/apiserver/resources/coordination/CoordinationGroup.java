package io.j8s.apiserver.resources.coordination;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the group `coordination.k8s.io`.
public final class CoordinationGroup {

    private CoordinationGroup() {}

    public static List<Resource<?>> resources() {
        return List.of(
                Leases.resource());
    }
}
