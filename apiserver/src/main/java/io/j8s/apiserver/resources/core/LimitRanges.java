package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.core.v1.LimitRange;

/// `limitranges`
final class LimitRanges {

    private LimitRanges() {}

    static Resource<LimitRange> resource() {
        return Resource.of(LimitRange.RESOURCE)
                .shortNames("limits")
                .createsOnUpdate()
                .build();
    }
}
