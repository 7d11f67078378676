package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.resource.v1.ResourceSlice;

/// `resourceslices.resource.k8s.io`
final class ResourceSlices {

    private ResourceSlices() {}

    static Resource<ResourceSlice> resource() {
        return Resource.of(ResourceSlice.RESOURCE)
                .answersDeletionWithObject()
                .metadataNotRevalidated()
                .generationOfSpec()
                .createRules((slice, errors) -> ResourceSliceRules.check(slice.spec(), null, FieldPath.of("spec"), errors))
                .updateRules((slice, old, errors) -> ResourceSliceRules.check(slice.spec(), old.spec(), FieldPath.of("spec"), errors))
                .selectable("spec.nodeName", slice -> slice.spec().nodeName())
                .selectable("spec.driver", slice -> slice.spec().driver())
                .nameColumn()
                .column("Node", "string", "The node whose devices these are.", (slice, now) -> slice.spec().nodeName())
                .column("Driver", "string", "The driver of these devices.", (slice, now) -> slice.spec().driver())
                .column("Pool", "string", "The pool that these devices belong to.", (slice, now) -> slice.spec().pool().name())
                .ageColumn()
                .build();
    }
}
