package io.j8s.apiserver.resources.storage;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.storage.v1.VolumeAttributesClass;

/// `volumeattributesclasses.storage.k8s.io`
final class VolumeAttributesClasses {

    private static final FieldPath DRIVER = FieldPath.of("driverName");
    private static final FieldPath PARAMETERS = FieldPath.of("parameters");

    private VolumeAttributesClasses() {}

    static Resource<VolumeAttributesClass> resource() {
        return Resource.of(VolumeAttributesClass.RESOURCE)
                .shortNames("vac")
                .answersDeletionWithObject()
                .createRules(VolumeAttributesClasses::rules)
                .updateRules(VolumeAttributesClasses::updateRules)
                .table(table -> table
                        .nameColumn()
                        .column("DriverName", "string", "driverName is the driver that these attributes are for.", (type, now) -> type.driverName())
                        .ageColumn())
                .build();
    }

    private static void rules(VolumeAttributesClass type, FieldErrors errors) {
        StorageRules.provisioner(type.driverName(), DRIVER, errors);
        StorageRules.parameters(type.parameters(), false, PARAMETERS, errors);
    }

    private static void updateRules(VolumeAttributesClass type, VolumeAttributesClass old, FieldErrors errors) {
        if (!type.driverName().equals(old.driverName())) {
            errors.forbidden(DRIVER, "updates to driverName are forbidden.");
        }
        if (!type.parameters().equals(old.parameters())) {
            errors.forbidden(PARAMETERS, "updates to parameters are forbidden.");
        }
        rules(type, errors);
    }
}
