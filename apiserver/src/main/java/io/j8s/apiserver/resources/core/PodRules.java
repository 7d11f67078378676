package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import java.util.List;

/// The rules for pods.
final class PodRules {

    private static final FieldPath SPEC = FieldPath.of("spec");

    private PodRules() {}

    static void create(Pod pod, FieldErrors errors) {
        if (!pod.spec().ephemeralContainers().isEmpty()) {
            errors.forbidden(SPEC.child("ephemeralContainers"), "cannot be set on create");
        }
        if (!pod.spec().schedulingGates().isEmpty() && !pod.spec().nodeName().isEmpty()) {
            errors.forbidden(SPEC.child("nodeName"), "cannot be set until all schedulingGates have been cleared");
        }
        SeccompAnnotations.agree(pod.metadata().annotations(), pod.spec(), SPEC, errors);
        AppArmorAnnotations.agree(pod.metadata().annotations(), pod.spec(), SPEC, errors);
    }

    static void rules(Pod pod, FieldErrors errors) {
        annotations(pod, errors);
        spec(pod.spec(), errors);
    }

    /// The same, but for specifications that are known to be faultless.
    static void rules(Pod pod, FaultlessSpecs faultless, FieldErrors errors) {
        annotations(pod, errors);
        if (!faultless.holds(pod.spec())) {
            int before = errors.size() + errors.warnings().size();
            spec(pod.spec(), errors);
            if (errors.size() + errors.warnings().size() == before) {
                faultless.add(pod.spec());
            }
        }
    }

    private static void annotations(Pod pod, FieldErrors errors) {
        PodAnnotationRules.check(pod.metadata().annotations(), pod.spec(), FieldPath.of("metadata").child("annotations"), errors);
    }

    private static void spec(PodSpec spec, FieldErrors errors) {
        PodSpecRules.spec(spec, SPEC, true, errors);
        images(spec.containers(), SPEC.child("containers"), errors);
        images(spec.initContainers(), SPEC.child("initContainers"), errors);
    }

    private static void images(List<Container> containers, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < containers.size(); i++) {
            ContainerRules.trimmedImage(containers.get(i).image(), path.index(i), errors);
        }
    }
}
