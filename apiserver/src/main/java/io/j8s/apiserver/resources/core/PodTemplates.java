package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.PodTemplate;

/// `podtemplates`
final class PodTemplates {

    private static final FieldPath TEMPLATE = FieldPath.of("template");

    private PodTemplates() {}

    static Resource<PodTemplate> resource() {
        return Resource.of(PodTemplate.RESOURCE)
                .metadataNotRevalidated()
                .answersDeletionWithObject()
                .defaults(template -> template.withTemplate(PodDefaults::template))
                .generation((template, old) -> !template.template().equals(old.template()))
                .rules((template, errors) -> TemplateRules.template(template.template(), TEMPLATE, errors))
                .warnings((template, old) -> TemplateWarnings.of(template.template(), old == null ? null : old.template(), TEMPLATE))
                .table(table -> table
                        .nameColumn()
                        .column("Containers", "string", "The names of the containers in the template.", (template, now) -> WorkloadCells.names(template.template().spec().containers()))
                        .column("Images", "string", "The images of the containers in the template.", (template, now) -> WorkloadCells.images(template.template().spec().containers()))
                        .column("Pod Labels", "string", "The labels that the pods get.", (template, now) -> WorkloadCells.labels(template.template().metadata().labels())))
                .build();
    }
}
