package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.ResourceBuilder;
import io.j8s.apiserver.resources.autoscaling.Scales;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.ReplicationController;
import io.j8s.model.core.v1.ReplicationControllerSpec;
import io.j8s.model.core.v1.ReplicationControllerStatus;
import io.j8s.model.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `replicationcontrollers`
final class ReplicationControllers {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath STATUS = FieldPath.of("status");

    private ReplicationControllers() {}

    static Resource<ReplicationController> resource() {
        ResourceBuilder<ReplicationController> controllers = Resource.of(ReplicationController.RESOURCE)
                .metadataNotRevalidated()
                .anyGenerateName()
                .storedAt("controllers")
                .shortNames("rc")
                .categories("all")
                .orphansByDefault()
                .defaults(ReplicationControllers::defaults)
                .generationOfSpec()
                .rules(ReplicationControllers::rules)
                .warnings(ReplicationControllers::warnings)
                .status(ReplicationControllers::status)
                .subresource(Scales.of(
                        rc -> rc.spec().replicas(),
                        (rc, replicas) -> rc.withSpec(spec -> spec.withReplicas(replicas)),
                        rc -> rc.status().replicas(),
                        rc -> Selector.ofLabels(rc.spec().selector()).toString()))
                .selectable("status.replicas", rc -> Integer.toString(rc.status().replicas()))
                .table(table -> table
                        .nameColumn()
                        .column("Desired", "integer", "How many pods there should be.", (rc, now) -> rc.spec().replicas())
                        .column("Current", "integer", "How many pods there are.", (rc, now) -> rc.status().replicas())
                        .column("Ready", "integer", "How many pods are ready.", (rc, now) -> rc.status().readyReplicas())
                        .ageColumn());
        return WorkloadCells.containersAndSelector(controllers, rc -> rc.spec().template().spec(), rc -> WorkloadCells.labels(rc.spec().selector())).build();
    }

    private static List<String> warnings(ReplicationController controller, @Nullable ReplicationController old) {
        List<String> warnings = new ArrayList<>(0);
        List<String> problems = Names.dnsLabel(controller.metadata().name());
        if (old == null && !problems.isEmpty()) {
            warnings.add("metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: " + problems);
        }
        warnings.addAll(TemplateWarnings.of(controller.spec().template(), old == null ? null : old.spec().template(), SPEC.child("template")));
        return warnings;
    }

    private static ReplicationController defaults(ReplicationController sent) {
        ReplicationController controller = sent;
        Map<String, String> labels = sent.spec().template().metadata().labels();
        if (!labels.isEmpty() && sent.spec().selector().isEmpty()) {
            controller = controller.withSpec(spec -> spec.withSelector(labels));
        }
        if (!labels.isEmpty() && sent.metadata().labels().isEmpty()) {
            controller = controller.withMetadata(meta -> meta.withLabels(labels));
        }
        ReplicationControllerSpec spec = controller.spec();
        spec = spec.hasReplicas() ? spec : spec.withReplicas(1);
        spec = spec.hasTemplate() ? spec.withTemplate(PodDefaults::template) : spec;
        return controller.withSpec(spec);
    }

    private static void rules(ReplicationController controller, FieldErrors errors) {
        ReplicationControllerSpec spec = controller.spec();
        NumberRules.notNegative(spec.minReadySeconds(), SPEC.child("minReadySeconds"), errors);
        if (spec.selector().isEmpty()) {
            errors.required(SPEC.child("selector"));
        }
        NumberRules.notNegative(spec.replicas(), SPEC.child("replicas"), errors);
        FieldPath path = SPEC.child("template");
        if (!spec.hasTemplate()) {
            errors.required(path);
            return;
        }
        Map<String, String> labels = spec.template().metadata().labels();
        if (!spec.selector().isEmpty() && !labels.entrySet().containsAll(spec.selector().entrySet())) {
            errors.invalid(path.child("metadata").child("labels"), labels, "`selector` does not match template `labels`");
        }
        TemplateRules.template(spec.template(), path, errors);
        TemplateRules.longRunning(spec.template(), path, "ReplicationController", errors);
    }

    private static void status(ReplicationController controller, ReplicationController old, FieldErrors errors) {
        ReplicationControllerStatus status = controller.status();
        NumberRules.notNegative(status.replicas(), STATUS.child("replicas"), errors);
        NumberRules.notNegative(status.fullyLabeledReplicas(), STATUS.child("fullyLabeledReplicas"), errors);
        NumberRules.notNegative(status.readyReplicas(), STATUS.child("readyReplicas"), errors);
        NumberRules.notNegative(status.availableReplicas(), STATUS.child("availableReplicas"), errors);
        NumberRules.notNegative(status.observedGeneration(), STATUS.child("observedGeneration"), errors);
        atMost(status.fullyLabeledReplicas(), status.replicas(), "fullyLabeledReplicas", "status.replicas", errors);
        atMost(status.readyReplicas(), status.replicas(), "readyReplicas", "status.replicas", errors);
        atMost(status.availableReplicas(), status.replicas(), "availableReplicas", "status.replicas", errors);
        atMost(status.availableReplicas(), status.readyReplicas(), "availableReplicas", "readyReplicas", errors);
    }

    private static void atMost(int value, int most, String field, String than, FieldErrors errors) {
        if (value > most) {
            errors.invalid(STATUS.child(field), value, "cannot be greater than " + than);
        }
    }
}
