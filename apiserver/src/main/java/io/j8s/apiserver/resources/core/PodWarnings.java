package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client should know of a pod that is accepted all the same.
final class PodWarnings {

    private PodWarnings() {}

    static List<String> of(Pod pod, @Nullable Pod old) {
        return old == null ? spec(pod.spec(), pod.metadata(), null, null) : List.of();
    }

    /// @param path of the template, null for a pod itself
    static List<String> spec(PodSpec spec, ObjectMeta meta, @Nullable PodSpec old, @Nullable FieldPath path) {
        return new ArrayList<>();
    }
}
