package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.resources.core.Elements;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.resource.v1.Device;
import io.j8s.model.resource.v1.DeviceAttribute;
import io.j8s.model.resource.v1.ResourceSlice;
import java.util.LinkedHashMap;
import java.util.Map;

/// `resourceslices.resource.k8s.io`
final class ResourceSlices {

    private ResourceSlices() {}

    static Resource<ResourceSlice> resource() {
        return Resource.of(ResourceSlice.RESOURCE)
                .answersDeletionWithObject()
                .metadataNotRevalidated()
                .generationOfSpec()
                .prepareCreate((sent, context) -> prepared(sent, context))
                .prepareUpdate((sent, stored, context) -> prepared(sent, context))
                .createRules((slice, errors) -> ResourceSliceRules.check(slice.spec(), null, FieldPath.of("spec"), errors))
                .updateRules((slice, old, errors) -> ResourceSliceRules.check(slice.spec(), old.spec(), FieldPath.of("spec"), errors))
                .selectable("spec.nodeName", slice -> slice.spec().nodeName())
                .selectable("spec.driver", slice -> slice.spec().driver())
                .table(table -> table
                        .nameColumn()
                        .column("Node", "string", "The node whose devices these are.", (slice, now) -> slice.spec().nodeName())
                        .column("Driver", "string", "The driver of these devices.", (slice, now) -> slice.spec().driver())
                        .column("Pool", "string", "The pool that these devices belong to.", (slice, now) -> slice.spec().pool().name())
                        .ageColumn())
                .build();
    }

    /// Taints have a time; lists as attributes, and the mapping to what nodes can allocate, belong to features that are off.
    private static ResourceSlice prepared(ResourceSlice sent, WriteContext context) {
        if (!sent.spec().hasDevices()) {
            return sent;
        }
        return sent.withSpec(spec -> spec.withDevices(Elements.map(spec.devices(), device -> {
            Device left = device.withoutNodeAllocatableResourceMappings();
            left = left.taints().isEmpty() ? left : left.withTaints(Elements.map(left.taints(), taint -> taint.hasTimeAdded() ? taint : taint.withTimeAdded(context.now())));
            if (left.attributes().isEmpty()) {
                return left;
            }
            Map<String, DeviceAttribute> attributes = new LinkedHashMap<>();
            left.attributes().forEach((name, attribute) -> attributes.put(name, attribute.withoutBools().withoutInts().withoutStrings().withoutVersions()));
            return left.withAttributes(attributes);
        })));
    }
}
