package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.resource.v1.DeviceClass;
import io.j8s.model.resource.v1.DeviceClassSpec;

/// `deviceclasses.resource.k8s.io`
final class DeviceClasses {

    private static final FieldPath SPEC = FieldPath.of("spec");

    private DeviceClasses() {}

    static Resource<DeviceClass> resource() {
        return Resource.of(DeviceClass.RESOURCE)
                .answersDeletionWithObject()
                .anyGenerateName()
                .generationOfSpec()
                .rules((type, errors) -> rules(type.spec(), errors))
                .table(table -> table
                        .nameColumn()
                        .ageColumn())
                .build();
    }

    private static void rules(DeviceClassSpec spec, FieldErrors errors) {
        DeviceClaimRules.selectors(spec.selectors(), SPEC.child("selectors"), errors);
        DeviceClaimRules.each(spec.config(), DeviceClaimRules.MOST,
                (config, path, found) -> DeviceClaimRules.opaque(config.hasOpaque(), config.opaque(), path.child("opaque"), found), SPEC.child("config"), errors);
        String name = spec.extendedResourceName();
        boolean extended = name.contains("/") && !name.contains("kubernetes.io/") && !name.startsWith("requests.") && Names.qualifiedName(name).isEmpty();
        if (spec.hasExtendedResourceName() && !extended) {
            errors.invalid(SPEC.child("extendedResourceName"), name, "must be a valid extended resource name");
        }
    }
}
