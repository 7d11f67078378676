package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.core.TemplateMetadataRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.resource.v1.ResourceClaimTemplate;

/// `resourceclaimtemplates.resource.k8s.io`
final class ResourceClaimTemplates {

    private static final FieldPath SPEC = FieldPath.of("spec");

    private ResourceClaimTemplates() {}

    static Resource<ResourceClaimTemplate> resource() {
        return Resource.of(ResourceClaimTemplate.RESOURCE)
                .answersDeletionWithObject()
                .defaults(template -> template.withSpec(s -> s.withSpec(DeviceClaims.withDefaults(s.spec()))))
                .prepareCreate((sent, context) -> {
                    AdminAccess.check(sent.spec().spec().devices().requests(), "ResourceClaimTemplate", sent.metadata().name(), context);
                    return sent;
                })
                .rules(ResourceClaimTemplates::rules)
                .updateRules((template, old, errors) -> errors.immutable(SPEC, template.spec(), old.spec()))
                .table(table -> table
                        .nameColumn()
                        .ageColumn())
                .build();
    }

    private static void rules(ResourceClaimTemplate template, FieldErrors errors) {
        TemplateMetadataRules.check(template.spec().metadata(), SPEC.child("metadata"), errors);
        DeviceClaimRules.check(template.spec().spec().devices(), SPEC.child("spec").child("devices"), errors);
    }
}
