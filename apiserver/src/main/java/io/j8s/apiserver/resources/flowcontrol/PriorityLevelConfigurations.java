package io.j8s.apiserver.resources.flowcontrol;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.flowcontrol.v1.PriorityLevelConfiguration;

/// `prioritylevelconfigurations.flowcontrol.apiserver.k8s.io`
final class PriorityLevelConfigurations {

    private PriorityLevelConfigurations() {}

    static Resource<PriorityLevelConfiguration> resource() {
        return Resource.of(PriorityLevelConfiguration.RESOURCE)
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
