package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the group `apps`.
public final class AppsGroup {

    private AppsGroup() {}

    public static List<Resource<?>> resources() {
        return List.of(
                ControllerRevisions.resource(),
                DaemonSets.resource(),
                Deployments.resource(),
                ReplicaSets.resource(),
                StatefulSets.resource());
    }
}
