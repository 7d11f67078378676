package io.j8s.apiserver.customresources;

import io.j8s.apiserver.resource.Names;
import io.j8s.model.DynamicStruct;
import io.j8s.model.Objects;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Custom resources take any finalizer; who adds one that others may use, too, is warned.
final class FinalizerWarnings {

    private static final Set<String> STANDARD = Set.of("orphan", "foregroundDeletion", "kubernetes");

    private FinalizerWarnings() {}

    static List<String> of(DynamicStruct object, @Nullable DynamicStruct old) {
        Set<String> added = new TreeSet<>(Objects.metadata(object).finalizers());
        if (old != null) {
            Objects.metadata(old).finalizers().forEach(added::remove);
        }
        List<String> warnings = new ArrayList<>();
        for (String finalizer : added) {
            Names.qualifiedName(finalizer).forEach(problem -> warnings.add("metadata.finalizers: \"" + finalizer + "\": " + problem));
            if (finalizer.indexOf('/') < 0 && !STANDARD.contains(finalizer)) {
                String path = finalizer.indexOf('.') >= 0 ? " including a path (/)" : "";
                warnings.add("metadata.finalizers: \"" + finalizer + "\": prefer a domain-qualified finalizer name" + path + " to avoid accidental conflicts with other finalizer writers");
            }
        }
        return warnings;
    }
}
