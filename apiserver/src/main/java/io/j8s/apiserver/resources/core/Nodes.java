package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.core.v1.Node;

/// `nodes`
final class Nodes {

    private Nodes() {}

    static Resource<Node> resource() {
        return Resource.of(Node.RESOURCE)
                .storedAt("minions")
                .shortNames("no")
                .status((object, old, errors) -> {})
                .build();
    }
}
