package io.j8s.apiserver.resources.node;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the group `node.k8s.io`.
public final class NodeGroup {

    private NodeGroup() {}

    public static List<Resource<?>> resources() {
        return List.of(
                RuntimeClasses.resource());
    }
}
