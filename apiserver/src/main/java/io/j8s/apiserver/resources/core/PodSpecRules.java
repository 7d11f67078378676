package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.meta.v1.ObjectMeta;

/// The rules for the specification of pods.
final class PodSpecRules {

    private PodSpecRules() {}

    /// @param pod whether it is a pod's own, and not a template's
    static void spec(PodSpec spec, ObjectMeta meta, FieldPath path, boolean pod, FieldErrors errors) {
        if (spec.containers().isEmpty()) {
            errors.required(path.child("containers"));
        }
    }
}
