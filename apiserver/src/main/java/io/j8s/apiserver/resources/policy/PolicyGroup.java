package io.j8s.apiserver.resources.policy;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the group `policy`.
public final class PolicyGroup {

    private PolicyGroup() {}

    public static List<Resource<?>> resources() {
        return List.of(
                PodDisruptionBudgets.resource());
    }
}
