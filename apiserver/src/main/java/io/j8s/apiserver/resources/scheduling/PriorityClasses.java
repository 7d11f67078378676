package io.j8s.apiserver.resources.scheduling;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.scheduling.v1.PriorityClass;

/// `priorityclasses.scheduling.k8s.io`
final class PriorityClasses {

    private PriorityClasses() {}

    static Resource<PriorityClass> resource() {
        return Resource.of(PriorityClass.RESOURCE)
                .shortNames("pc")
                .build();
    }
}
