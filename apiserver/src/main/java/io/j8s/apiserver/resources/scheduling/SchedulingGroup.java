package io.j8s.apiserver.resources.scheduling;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the group `scheduling.k8s.io`.
public final class SchedulingGroup {

    private SchedulingGroup() {}

    public static List<Resource<?>> resources() {
        return List.of(
                PriorityClasses.resource());
    }
}
