package io.j8s.apiserver.resources.storage;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.core.NumberRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.storage.v1.CSINode;
import io.j8s.model.storage.v1.CSINodeDriver;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// `csinodes.storage.k8s.io`
final class CSINodes {

    private static final FieldPath DRIVERS = FieldPath.of("spec").child("drivers");
    private static final int MOST_ID_CHARACTERS = 256;

    private CSINodes() {}

    static Resource<CSINode> resource() {
        return Resource.of(CSINode.RESOURCE)
                .updatesOnlyConditionally()
                .metadataUpdateNotRevalidated()
                .answersDeletionWithObject()
                .rules(CSINodes::rules)
                .updateRules(CSINodes::updateRules)
                .table(table -> table
                        .nameColumn()
                        .column("Drivers", "integer", "How many drivers run on the node.", (node, now) -> node.spec().drivers().size())
                        .ageColumn())
                .build();
    }

    private static void rules(CSINode node, FieldErrors errors) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < node.spec().drivers().size(); i++) {
            CSINodeDriver driver = node.spec().drivers().get(i);
            FieldPath path = DRIVERS.index(i);
            driver(driver, path, errors);
            if (!names.add(driver.name())) {
                errors.duplicate(path.child("name"), driver.name());
            }
            topologyKeys(driver.topologyKeys(), path, errors);
        }
    }

    private static void driver(CSINodeDriver driver, FieldPath path, FieldErrors errors) {
        StorageRules.driverName(driver.name(), path.child("name"), errors);
        if (driver.nodeID().isEmpty()) {
            errors.required(path.child("nodeID"));
        }
        if (driver.nodeID().length() > MOST_ID_CHARACTERS) {
            errors.invalid(path.child("nodeID"), driver.nodeID(), "must be " + MOST_ID_CHARACTERS + " characters or less");
        }
        NumberRules.notNegative(driver.allocatable().count(), path.child("allocatable").child("count"), errors);
    }

    private static void topologyKeys(List<String> keys, FieldPath path, FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        for (String key : keys) {
            if (key.isEmpty()) {
                errors.required(path);
            }
            if (!seen.add(key)) {
                errors.duplicate(path, key);
            }
            Names.qualifiedName(key).forEach(problem -> errors.invalid(path, key, problem));
        }
    }

    /// Of a driver that stays only the number of volumes may change.
    private static void updateRules(CSINode node, CSINode old, FieldErrors errors) {
        for (CSINodeDriver before : old.spec().drivers()) {
            for (CSINodeDriver after : node.spec().drivers()) {
                if (before.name().equals(after.name())) {
                    errors.immutable(DRIVERS, after.withoutAllocatable(), before.withoutAllocatable());
                }
            }
        }
    }
}
