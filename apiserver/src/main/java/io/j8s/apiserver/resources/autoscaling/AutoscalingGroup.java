package io.j8s.apiserver.resources.autoscaling;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the group `autoscaling`.
public final class AutoscalingGroup {

    private AutoscalingGroup() {}

    public static List<Resource<?>> resources() {
        return List.of(
                HorizontalPodAutoscalers.resource());
    }
}
