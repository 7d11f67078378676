package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.PodTemplateSpec;
import java.util.Locale;
import java.util.Map;

/// The rules for templates of pods.
public final class TemplateRules {

    private static final int ANNOTATIONS_BYTES_LIMIT = 256 * 1024;

    private TemplateRules() {}

    public static void template(PodTemplateSpec template, FieldPath path, FieldErrors errors) {
        SelectorRules.labels(template.metadata().labels(), path.child("labels"), errors);
        annotations(template.metadata().annotations(), path.child("annotations"), errors);
        PodAnnotationRules.check(template.metadata().annotations(), template.spec(), path.child("annotations"), errors);
        PodSpecRules.spec(template.spec(), path.child("spec"), false, errors);
        SeccompAnnotations.agree(template.metadata().annotations(), template.spec(), path.child("spec"), errors);
        AppArmorAnnotations.agree(template.metadata().annotations(), template.spec(), path.child("spec"), errors);
        if (!template.spec().ephemeralContainers().isEmpty()) {
            errors.forbidden(path.child("spec").child("ephemeralContainers"), "ephemeral containers not allowed in pod template");
        }
    }

    public static void annotations(Map<String, String> annotations, FieldPath path, FieldErrors errors) {
        long size = 0;
        for (Map.Entry<String, String> entry : annotations.entrySet()) {
            Names.qualifiedName(entry.getKey().toLowerCase(Locale.ROOT)).forEach(problem -> errors.invalid(path, entry.getKey(), problem));
            size += entry.getKey().length() + entry.getValue().length();
        }
        if (size > ANNOTATIONS_BYTES_LIMIT) {
            errors.tooLong(path, ANNOTATIONS_BYTES_LIMIT);
        }
    }

    /// Pods of a workload that keeps them running: they are always started again, and have no deadline.
    ///
    /// @param path of the template
    public static void longRunning(PodTemplateSpec template, FieldPath path, String kind, FieldErrors errors) {
        String policy = template.spec().restartPolicy();
        if (!policy.equals("Always")) {
            errors.notSupported(path.child("spec").child("restartPolicy"), policy, java.util.List.of("Always"));
        }
        if (template.spec().hasActiveDeadlineSeconds()) {
            errors.forbidden(path.child("spec").child("activeDeadlineSeconds"), "activeDeadlineSeconds in " + kind + " is not Supported");
        }
    }
}
