package io.j8s.apiserver.resources.storage;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.core.NodeLabelWarnings;
import io.j8s.apiserver.resources.core.SelectorRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.storage.v1.CSIStorageCapacity;
import java.util.ArrayList;
import java.util.List;

/// `csistoragecapacities.storage.k8s.io`
final class CSIStorageCapacities {

    private CSIStorageCapacities() {}

    static Resource<CSIStorageCapacity> resource() {
        return Resource.of(CSIStorageCapacity.RESOURCE)
                .updatesOnlyConditionally()
                .rules(CSIStorageCapacities::rules)
                .updateRules(CSIStorageCapacities::updateRules)
                .warnings((capacity, old) -> warnings(capacity))
                .build();
    }

    private static void rules(CSIStorageCapacity capacity, FieldErrors errors) {
        SelectorRules.selector(capacity.nodeTopology(), FieldPath.of("nodeTopology"), errors);
        String type = capacity.storageClassName();
        Names.dnsSubdomain(type).forEach(problem -> errors.invalid(FieldPath.of("storageClassName"), type, problem));
        if (capacity.capacity() != null && capacity.capacity().signum() < 0) {
            errors.invalid(FieldPath.of("capacity"), capacity.capacity(), "must be greater than or equal to 0");
        }
    }

    private static void updateRules(CSIStorageCapacity capacity, CSIStorageCapacity old, FieldErrors errors) {
        errors.immutable(FieldPath.of("nodeTopology"), capacity.get(CSIStorageCapacity.NODE_TOPOLOGY), old.get(CSIStorageCapacity.NODE_TOPOLOGY));
        errors.immutable(FieldPath.of("storageClassName"), capacity.storageClassName(), old.storageClassName());
    }

    private static List<String> warnings(CSIStorageCapacity capacity) {
        List<String> warnings = new ArrayList<>(0);
        NodeLabelWarnings.selector(capacity.nodeTopology(), FieldPath.of("nodeTopology"), warnings);
        return warnings;
    }
}
