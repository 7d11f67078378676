package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.PodTemplateSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client should know of a template of pods that is accepted all the same.
public final class TemplateWarnings {

    private TemplateWarnings() {}

    /// @param old the template before, null when there is none: what did not change is not warned of again
    public static List<String> of(PodTemplateSpec template, @Nullable PodTemplateSpec old, FieldPath path) {
        if (old != null && old.equals(template)) {
            return List.of();
        }
        return PodWarnings.spec(template.spec(), template.metadata(), path);
    }
}
