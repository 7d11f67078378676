package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.core.v1.PodTemplate;

/// `podtemplates`
final class PodTemplates {

    private PodTemplates() {}

    static Resource<PodTemplate> resource() {
        return Resource.of(PodTemplate.RESOURCE)
                .build();
    }
}
