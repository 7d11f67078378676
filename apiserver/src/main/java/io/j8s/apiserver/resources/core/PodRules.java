package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.Pod;

/// The rules for pods.
final class PodRules {

    private PodRules() {}

    static void create(Pod pod, FieldErrors errors) {
        if (!pod.spec().ephemeralContainers().isEmpty()) {
            errors.forbidden(FieldPath.of("spec").child("ephemeralContainers"), "cannot be set on create");
        }
        AppArmorAnnotations.agree(pod, errors);
    }

    static void rules(Pod pod, FieldErrors errors) {
        PodAnnotationRules.check(pod, errors);
        PodSpecRules.spec(pod.spec(), pod.metadata(), FieldPath.of("spec"), true, errors);
    }
}
