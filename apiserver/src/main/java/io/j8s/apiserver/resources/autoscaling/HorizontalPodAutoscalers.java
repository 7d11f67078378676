package io.j8s.apiserver.resources.autoscaling;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscaler;

/// `horizontalpodautoscalers.autoscaling`
final class HorizontalPodAutoscalers {

    private HorizontalPodAutoscalers() {}

    static Resource<HorizontalPodAutoscaler> resource() {
        return Resource.of(HorizontalPodAutoscaler.RESOURCE)
                .shortNames("hpa")
                .categories("all")
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
