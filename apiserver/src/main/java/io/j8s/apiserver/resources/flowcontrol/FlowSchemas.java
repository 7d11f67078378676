package io.j8s.apiserver.resources.flowcontrol;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.flowcontrol.v1.FlowSchema;

/// `flowschemas.flowcontrol.apiserver.k8s.io`
final class FlowSchemas {

    private FlowSchemas() {}

    static Resource<FlowSchema> resource() {
        return Resource.of(FlowSchema.RESOURCE)
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
