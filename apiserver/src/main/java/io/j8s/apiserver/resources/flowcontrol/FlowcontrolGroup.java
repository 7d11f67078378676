package io.j8s.apiserver.resources.flowcontrol;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the group `flowcontrol.apiserver.k8s.io`.
public final class FlowcontrolGroup {

    private FlowcontrolGroup() {}

    public static List<Resource<?>> resources() {
        return List.of(
                FlowSchemas.resource(),
                PriorityLevelConfigurations.resource());
    }
}
