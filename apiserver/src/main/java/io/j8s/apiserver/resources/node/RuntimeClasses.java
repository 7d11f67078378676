package io.j8s.apiserver.resources.node;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.node.v1.RuntimeClass;

/// `runtimeclasses.node.k8s.io`
final class RuntimeClasses {

    private RuntimeClasses() {}

    static Resource<RuntimeClass> resource() {
        return Resource.of(RuntimeClass.RESOURCE)
                .updatesOnlyConditionally()
                .build();
    }
}
